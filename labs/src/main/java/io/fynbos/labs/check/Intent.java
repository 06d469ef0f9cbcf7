package io.fynbos.labs.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fynbos.labs.runner.ControllerApi;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.topology.Topology.Guest;
import io.fynbos.labs.traffic.GuestWires;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.decide.Decider;
import io.fynbos.policy.decide.Decision;
import io.fynbos.policy.decide.Ids;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Versioned;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointName;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.verdict.Oracle;
import io.fynbos.policy.verdict.Packet;
import io.fynbos.policy.wire.Documents;
import io.fynbos.policy.wire.WireError;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * What must be, from the documents that the API returns and nothing else: they are read into an
 * image of our own, which the verdict oracle judges by.
 */
public final class Intent {
  private final Image image;

  private Intent(Image image) {
    this.image = image;
  }

  /** Everything that the controller has now. */
  static Intent from(ControllerApi api) {
    ArrayNode documents = JsonNodeFactory.instance.arrayNode();
    for (JsonNode universe : api.collection("/v1/universes")) {
      documents.add(universe);
      String path = "/v1/universes/" + universe.path("name").asText();
      api.collection(path + "/groups").forEach(documents::add);
      api.collection(path + "/endpoints").forEach(documents::add);
      api.collection(path + "/policies").forEach(documents::add);
    }
    api.collection("/v1/policies").forEach(documents::add);
    api.collection("/v1/pools").forEach(documents::add);
    return of(documents.toString(), new NothingToAssign());
  }

  /** These documents, a JSON array. */
  static Intent of(String documents, Ids ids) {
    try {
      Command all = new Command.Batch(Documents.parse(documents.getBytes(StandardCharsets.UTF_8)));
      Decision decision = Decider.decide(Image.EMPTY, all, ids);
      if (decision instanceof Decision.Accepted accepted) {
        return new Intent(Image.EMPTY.apply(accepted.changes(), new Revision(1)));
      }
      throw new LabException("the controller's documents contradict each other: " + decision);
    } catch (WireError e) {
      throw new LabException("the controller's documents cannot be read: " + e.getMessage(), e);
    }
  }

  List<Policy> policies() {
    return image.policies().values().stream().map(Versioned::value).toList();
  }

  /**
   * One address out of each prefix that this guest, and nobody else, is allowed besides its own.
   */
  List<InetAddress> allowedAlone(Guest guest) {
    Endpoint endpoint = endpoint(guest);
    return endpoint.allowedAddresses().stream()
        .map(Prefix::address)
        .filter(address -> image.allowedFor(endpoint.universe(), address).size() == 1)
        .map(address -> GuestWires.address(address.toString()))
        .toList();
  }

  /** What becomes of the first packet of this service from one guest's address to another's. */
  Fate fate(
      Guest from,
      InetAddress source,
      Guest to,
      InetAddress destination,
      ProbeService service,
      int sourcePort) {
    Packet packet =
        Packet.between(
            endpoint(from),
            Addresses.of(source),
            endpoint(to),
            Addresses.of(destination),
            service.transport(sourcePort));
    return Fate.of(Oracle.judge(image, packet));
  }

  private Endpoint endpoint(Guest guest) {
    EndpointRef ref =
        new EndpointRef(new UniverseName(guest.universe()), new EndpointName(guest.endpoint()));
    return image
        .endpoint(ref)
        .orElseThrow(() -> new LabException(ref + " went away while it was checked"));
  }

  /** Documents that come from the controller have all that can be assigned. */
  private record NothingToAssign() implements Ids {
    @Override
    public UUID uuid() {
      throw new LabException("the controller returned an endpoint without an id");
    }

    @Override
    public Mac mac() {
      throw new LabException("the controller returned an endpoint without a MAC");
    }
  }
}
