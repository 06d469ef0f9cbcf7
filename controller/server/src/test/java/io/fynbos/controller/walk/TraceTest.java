package io.fynbos.controller.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.controller.compile.EdgeCompiler;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.CtState;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.Oxm;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.policy.RandomImages;
import io.fynbos.policy.RandomImages.Size;
import io.fynbos.policy.RandomPackets;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.verdict.Packet;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The walk means what a real Open vSwitch means: for random images and packets, its ofproto/trace
 * goes through the same tables and ends at the same port. It does not trace a packet that is
 * tracked anew after its ends were swapped; such packets are left to the walk and to the labs.
 */
class TraceTest {
  private static final int PACKETS = 30;
  private static final Set<OxmField> NAMED_APART =
      Set.of(OxmField.CT_STATE, OxmField.CT_ZONE, OxmField.TCP_FLAGS);

  /** Tables that a packet comes back from, whether anything matches there or not. */
  private static final Set<Integer> RETURNING =
      Set.of(Table.COMPARE.id(), Table.RECORD.id(), Table.LOG.id(), Table.CLAIM.id());

  private static final Pattern TABLE = Pattern.compile("(?m)^ *(\\d+)\\. ");
  private static final Pattern NO_MATCH = Pattern.compile("(?m)^ *(\\d+)\\. No match");
  private static final Pattern OUTPUT = Pattern.compile("(?m)^ +output:(\\d+)$");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aRealSwitchTakesPacketsTheSameWay(long seed) throws IOException {
    Image image = RandomImages.complete(seed).image(seed % 2 == 0 ? Size.SMALL : Size.MEDIUM);
    List<MiniFabric.Hop> hops = hops(image, seed);
    try (DummySwitch real = DummySwitch.start()) {
      real.port(65000);
      image.bindings().values().forEach(binding -> real.port(binding.value().ofport()));
      for (HostName host : new TreeSet<>(hops.stream().map(MiniFabric.Hop::host).toList())) {
        List<FlowEntry> flows = EdgeCompiler.full(image, host).sorted();
        real.install(flows);
        assertThat(real.flows())
            .as("what the switch has, for seed %d, host %s", seed, host)
            .containsExactlyInAnyOrderElementsOf(flows.stream().map(FlowEntry::toString).toList());
        hops.stream().filter(hop -> hop.host().equals(host)).forEach(hop -> same(real, hop, seed));
      }
    }
  }

  /** First packets of connections, their answers, and the second packets that follow those. */
  private static List<MiniFabric.Hop> hops(Image image, long seed) {
    MiniFabric fabric = new MiniFabric(image);
    RandomPackets packets = new RandomPackets(seed);
    List<MiniFabric.Hop> hops = new ArrayList<>();
    while (hops.size() < PACKETS) {
      Packet packet = packets.between(image);
      if (!fabric.attached(packet)) {
        continue;
      }
      fabric.forgetConnections();
      MiniFabric.Journey first = fabric.send(packet, MiniFabric.SYN);
      hops.addAll(first.hops());
      if (first.arrived().isPresent() && !packet.stateless()) {
        hops.addAll(fabric.send(packet.reversed(), MiniFabric.SYN | MiniFabric.ACK).hops());
        hops.addAll(fabric.send(packet, MiniFabric.ACK).hops());
      }
    }
    hops.removeIf(hop -> hop.walk().visited().contains(Table.REVERSED.id()));
    return hops;
  }

  private static void same(DummySwitch real, MiniFabric.Hop hop, long seed) {
    String packet = text(hop);
    List<String> states = hop.walk().tracked().stream().map(TraceTest::state).toList();
    // It follows both what is too long and what is not; the packets of these tests are short.
    String trace =
        real.trace(packet, states)
            .replaceFirst("(?s)(check_pkt_larger[^\n]*)\n.*?(?=\n52\\. )", "$1");
    String about = "seed %d, host %s, %s %s\n%s".formatted(seed, hop.host(), packet, states, trace);
    assertThat(numbers(TABLE, trace)).as(about).isEqualTo(hop.walk().visited());
    assertThat(numbers(OUTPUT, trace))
        .as(about)
        .isEqualTo(hop.walk().sent().stream().map(Walk.Sent::port).toList());
    assertThat(numbers(NO_MATCH, trace))
        .filteredOn(table -> !RETURNING.contains(table))
        .as(about)
        .hasSizeLessThanOrEqualTo(1);
  }

  private static List<Integer> numbers(Pattern pattern, String text) {
    List<Integer> numbers = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      numbers.add(Integer.valueOf(matcher.group(1)));
    }
    return numbers;
  }

  /** The packet as it came in, and then the original tuple that tracking will find for it. */
  private static String text(MiniFabric.Hop hop) {
    StringJoiner text = new StringJoiner(",").add(text(hop.packet(), false));
    int flags = hop.packet().number(OxmField.TCP_FLAGS);
    if (flags != 0) {
      text.add("tcp_flags=" + names(flags, List.of("fin", "syn", "rst", "psh", "ack"), "|"));
    }
    for (Fields tracked : hop.walk().tracked().stream().limit(1).toList()) {
      text.add("ct_state=" + state(tracked).replace(',', '|'));
      if ((tracked.number(OxmField.CT_STATE) & CtState.INV) == 0) {
        text.add(text(tracked, true));
      }
    }
    return text.toString();
  }

  private static String text(Fields packet, boolean tracking) {
    StringJoiner text = new StringJoiner(",");
    for (OxmField field : OxmField.values()) {
      boolean apart = NAMED_APART.contains(field);
      if (packet.set(field) && !apart && field.label().startsWith("ct_") == tracking) {
        text.add(exact(field, packet.value(field)).toString());
      }
    }
    return text.toString();
  }

  private static Oxm exact(OxmField field, BigInteger value) {
    return field.bits() > 64
        ? Oxm.of(field, value.shiftRight(64).longValue(), value.longValue())
        : Oxm.of(field, value.longValue());
  }

  private static String state(Fields tracked) {
    List<String> bits = List.of("new", "est", "rel", "rpl", "inv", "trk");
    assertThat(CtState.TRK).isEqualTo(1 << bits.indexOf("trk"));
    return names(tracked.number(OxmField.CT_STATE), bits, ",");
  }

  private static String names(int bits, List<String> names, String between) {
    StringJoiner text = new StringJoiner(between);
    for (int i = 0; i < names.size(); i++) {
      if ((bits & 1 << i) != 0) {
        text.add(names.get(i));
      }
    }
    return text.toString();
  }
}
