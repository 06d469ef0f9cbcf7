package io.fynbos.policy.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.Fabric;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.UniverseName;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses that endpoints are allowed besides their own: refusals, and who has them. */
class AllowedAddressesTest {
  private static final String FABRIC =
      """
      {kind: Universe, name: blue, prefixes: [10.0.0.0/24, "fd00:7::/64"]}
      ---
      {kind: Host, name: h1, underlay: 172.31.0.1, datapathId: "0000000000000001"}
      ---
      {kind: Host, name: h2, underlay: 172.31.0.2, datapathId: "0000000000000002"}
      ---
      {kind: Endpoint, universe: blue, name: lb1, addresses: [10.0.0.11],
       allowedAddresses: [10.0.0.9, "fd00:7::9"]}
      ---
      {kind: Endpoint, universe: blue, name: lb2, addresses: [10.0.0.12],
       allowedAddresses: [10.0.0.9, 10.0.0.64/27]}
      ---
      {kind: Endpoint, universe: blue, name: web1, addresses: [10.0.0.13]}
      """;

  private static final UniverseName BLUE = new UniverseName("blue");
  private static final IpAddress SHARED = IpAddress.parse("10.0.0.9");
  private static final HostName H1 = new HostName("h1");

  private final Fabric fabric = Fabric.of(FABRIC);

  private UUID id(String name) {
    return fabric.image().endpoint(EndpointRef.of("blue", name)).orElseThrow().id();
  }

  private String owner(String address) {
    return fabric
        .image()
        .endpointAt(BLUE, IpAddress.parse(address))
        .map(endpoint -> endpoint.ref().name().value())
        .orElse("nobody");
  }

  private void bind(String name, int port) {
    fabric.commit(new Command.BindEndpoint(id(name), H1, port, Optional.empty()));
  }

  private List<Change> claim(String name) {
    return fabric.commit(new Command.ClaimAddress(id(name), H1, SHARED));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          addresses: [10.0.0.14], allowedAddresses: [10.1.0.0/24] | address-outside | endpoint blue/new cannot be allowed 10.1.0.0/24: the prefixes of its universe are 10.0.0.0/24 and fd00:7::/64; allow what is inside one of them
          addresses: [10.0.0.14], allowedAddresses: [10.0.0.13] | address-taken | endpoint blue/new cannot be allowed 10.0.0.13, where endpoint blue/web1 has an address of its own; allow what nobody has
          addresses: [10.0.0.14], allowedAddresses: [10.0.0.12/31] | address-taken | endpoint blue/new cannot be allowed 10.0.0.12/31, where endpoint blue/lb2 has an address of its own; allow what nobody has
          addresses: [10.0.0.14], allowedAddresses: [10.0.0.64/27] | allowed-shared | endpoint blue/new cannot be allowed 10.0.0.64/27, some of which endpoint blue/lb2 is allowed; endpoints share single addresses only, so give each its own range
          addresses: [10.0.0.14], allowedAddresses: [10.0.0.70] | allowed-shared | endpoint blue/new cannot be allowed 10.0.0.70, some of which endpoint blue/lb2 is allowed; endpoints share single addresses only, so give each its own range
          addresses: [10.0.0.14], allowedAddresses: [10.0.0.64/28] | allowed-shared | endpoint blue/new cannot be allowed 10.0.0.64/28, some of which endpoint blue/lb2 is allowed; endpoints share single addresses only, so give each its own range
          addresses: [10.0.0.14], allowedAddresses: [10.0.0.8/31] | allowed-shared | endpoint blue/new cannot be allowed 10.0.0.8/31, some of which endpoint blue/lb1 is allowed; endpoints share single addresses only, so give each its own range
          addresses: [10.0.0.9] | address-allowed | endpoint blue/new cannot have address 10.0.0.9, which endpoint blue/lb1 has among its allowedAddresses; choose another, or take it from there in the same call
          """)
  void whatCannotBeAllowedIsRefused(String fields, String type, String message) {
    Refusal refusal = fabric.refuse("{kind: Endpoint, universe: blue, name: new, " + fields + "}");
    assertThat(refusal.type()).isEqualTo(type);
    assertThat(refusal.message()).isEqualTo(message);
    assertThat(refusal.about()).contains(EndpointRef.of("blue", "new"));
  }

  @Test
  void aSingleAddressMayBeSharedAndAnOwnOneMayLieInAnOwnRange() {
    fabric.apply(
        """
        {kind: Endpoint, universe: blue, name: lb3, addresses: [10.0.0.33],
         allowedAddresses: [10.0.0.9, 10.0.0.32/30]}
        """);
    assertThat(fabric.image().allowedFor(BLUE, SHARED)).hasSize(3);
    assertThat(owner("10.0.0.34")).isEqualTo("lb3");
  }

  @Test
  void aRangeMayChangeHandsInOneCall() {
    fabric.apply(
        """
        {kind: Endpoint, universe: blue, name: lb2, allowedAddresses: [10.0.0.9]}
        ---
        {kind: Endpoint, universe: blue, name: lb1, allowedAddresses: [10.0.0.64/28]}
        """);
    assertThat(owner("10.0.0.70")).isEqualTo("lb1");
    assertThat(owner("10.0.0.90")).isEqualTo("nobody");
    assertThat(owner("10.0.0.9")).isEqualTo("lb2");
  }

  @Test
  void aUniverseKeepsThePrefixesThatItsEndpointsAreAllowed() {
    Refusal refusal =
        fabric.refuse(
            "{kind: Universe, name: blue, prefixes: [10.0.0.8/29, 10.0.0.16/28, \"fd00:7::/64\"]}");
    assertThat(refusal.type()).isEqualTo("prefix-in-use");
    assertThat(refusal.message())
        .isEqualTo(
            "endpoint blue/lb2 is allowed 10.0.0.64/27, which the new prefixes of universe blue leave "
                + "out; keep its prefix, or change the endpoint in the same call");
  }

  @Test
  void assignedAddressesKeepOutOfWhatIsAllowed() {
    Fabric small =
        Fabric.of(
            """
            {kind: Universe, name: tiny, prefixes: [10.0.0.0/29]}
            ---
            {kind: Endpoint, universe: tiny, name: a, allowedAddresses: [10.0.0.0/30]}
            ---
            {kind: Endpoint, universe: tiny, name: b, allowedAddresses: [10.0.0.5]}
            """);
    assertThat(small.image().addressesOf(new UniverseName("tiny")).keySet())
        .containsExactly(IpAddress.parse("10.0.0.4"), IpAddress.parse("10.0.0.6"));
    small.apply("{kind: Endpoint, universe: tiny, name: c}");
    assertThat(small.refuse("{kind: Endpoint, universe: tiny, name: d}").type())
        .isEqualTo("addresses-exhausted");
  }

  @Test
  void anUnclaimedSharedAddressGoesToTheFirstThatIsAttached() {
    assertThat(owner("10.0.0.9")).isEqualTo("lb1");
    bind("lb2", 2);
    assertThat(owner("10.0.0.9")).isEqualTo("lb2");
    bind("lb1", 1);
    assertThat(owner("10.0.0.9")).isEqualTo("lb1");
  }

  @Test
  void whoClaimsASharedAddressHasItUntilAnotherDoes() {
    bind("lb1", 1);
    bind("lb2", 2);
    assertThat(claim("lb2"))
        .containsExactly(new Change.AddressClaimed(BLUE, SHARED, EndpointRef.of("blue", "lb2")));
    assertThat(claim("lb2")).isEmpty();
    assertThat(owner("10.0.0.9")).isEqualTo("lb2");
    claim("lb1");
    assertThat(owner("10.0.0.9")).isEqualTo("lb1");
  }

  @Test
  void aClaimOfARangeNeedsNoRecord() {
    bind("lb2", 2);
    assertThat(fabric.commit(new Command.ClaimAddress(id("lb2"), H1, IpAddress.parse("10.0.0.65"))))
        .isEmpty();
  }

  @Test
  void aClaimEndsWithTheBindingTheEndpointOrThePermission() {
    bind("lb1", 1);
    bind("lb2", 2);
    claim("lb2");
    fabric.commit(new Command.UnbindEndpoint(id("lb2"), H1));
    assertThat(owner("10.0.0.9")).isEqualTo("lb1");
    assertThat(fabric.image().claimsOf(BLUE)).isEmpty();

    bind("lb2", 2);
    claim("lb2");
    fabric.apply("{kind: Endpoint, universe: blue, name: lb2, allowedAddresses: [10.0.0.64/27]}");
    assertThat(fabric.image().claimsOf(BLUE)).isEmpty();

    claim("lb1");
    fabric.apply("{kind: Host, name: h1, delete: true}");
    assertThat(fabric.image().claimsOf(BLUE)).isEmpty();
    fabric.apply("{kind: Host, name: h1, underlay: 172.31.0.1, datapathId: \"0000000000000001\"}");
    bind("lb1", 1);
    claim("lb1");
    fabric.apply("{kind: Endpoint, universe: blue, name: lb1, delete: true}");
    assertThat(fabric.image().claimsOf(BLUE)).isEmpty();
    assertThat(owner("10.0.0.9")).isEqualTo("nobody");
  }

  @Test
  void aClaimEndsWhenTheAddressBecomesPartOfARange() {
    fabric.apply("{kind: Endpoint, universe: blue, name: lb1, allowedAddresses: []}");
    bind("lb2", 2);
    claim("lb2");
    fabric.apply("{kind: Endpoint, universe: blue, name: lb2, allowedAddresses: [10.0.0.8/31]}");
    assertThat(fabric.image().claimsOf(BLUE)).isEmpty();
    assertThat(owner("10.0.0.9")).isEqualTo("lb2");
  }

  @Test
  void claimsWithoutRightAreRefused() {
    bind("lb1", 1);
    bind("web1", 3);
    assertThat(fabric.refuse(new Command.ClaimAddress(id("web1"), H1, SHARED)).message())
        .isEqualTo(
            "endpoint blue/web1 claims 10.0.0.9, which it is not allowed; "
                + "put the address into its allowedAddresses");
    assertThat(
            fabric
                .refuse(new Command.ClaimAddress(id("lb1"), new HostName("h2"), SHARED))
                .message())
        .isEqualTo(
            "host h2 cannot claim 10.0.0.9 for endpoint blue/lb1, which is not attached there; "
                + "report its binding first");
    assertThat(fabric.refuse(new Command.ClaimAddress(new UUID(0, 7), H1, SHARED)).type())
        .isEqualTo("unknown-endpoint");
  }
}
