package io.fynbos.policy.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.policy.model.Document.EndpointDocument;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.PublicAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.pcollections.TreePSet;

/** Endpoints as documents. */
final class EndpointForm {
  static final List<String> FIELDS =
      List.of(
          "kind",
          "universe",
          "name",
          "id",
          "mac",
          "addresses",
          "groups",
          "publicAddresses",
          "allowedAddresses",
          "delete");

  private EndpointForm() {}

  static EndpointDocument read(Fields fields, EndpointRef ref) throws WireError {
    Optional<UUID> id = fields.optional("id", Values::uuid);
    Optional<Mac> mac = fields.optional("mac", Values::mac);
    Set<IpAddress> seenAddresses = new HashSet<>();
    List<IpAddress> addresses =
        fields.listNotEmpty(
            "addresses",
            Endpoint.ADDRESSES_MAX,
            "leave addresses out to have some assigned",
            at -> Values.once(at, Values.address(at), seenAddresses));
    Set<GroupName> seenGroups = new HashSet<>();
    List<GroupName> groups =
        fields.list(
            "groups", Endpoint.GROUPS_MAX, at -> Values.once(at, Values.group(at), seenGroups));
    List<PublicAddress> publicAddresses =
        fields.list("publicAddresses", Endpoint.PUBLIC_ADDRESSES_MAX, EndpointForm::publicAddress);
    Set<Prefix> seenAllowed = new HashSet<>();
    List<Prefix> allowed =
        fields.list(
            "allowedAddresses",
            Endpoint.ALLOWED_ADDRESSES_MAX,
            at -> Values.once(at, Values.addressOrPrefix(at), seenAllowed));
    fields.done();
    return fields
        .self()
        .made(
            "an endpoint",
            () ->
                new EndpointDocument(
                    ref, id, mac, addresses, TreePSet.from(groups), publicAddresses, allowed));
  }

  private static PublicAddress publicAddress(At at) throws WireError {
    Fields fields = at.object();
    IpAddress publicAddress = fields.required("public", Values::address);
    IpAddress privateAddress = fields.required("private", Values::address);
    fields.done();
    return at.made(
        "addresses of one family", () -> new PublicAddress(publicAddress, privateAddress));
  }

  static ObjectNode write(EndpointDocument document) {
    ObjectNode node = Tree.object();
    node.put("kind", "Endpoint");
    node.put("universe", document.key().universe().value());
    node.put("name", document.key().name().value());
    document.id().ifPresent(id -> node.put("id", id.toString()));
    document.mac().ifPresent(mac -> node.put("mac", mac.toString()));
    if (!document.addresses().isEmpty()) {
      node.set("addresses", Tree.texts(document.addresses()));
    }
    if (!document.groups().isEmpty()) {
      node.set("groups", Tree.texts(document.groups()));
    }
    if (!document.publicAddresses().isEmpty()) {
      node.set(
          "publicAddresses",
          Tree.objects(document.publicAddresses(), EndpointForm::writePublicAddress));
    }
    if (!document.allowedAddresses().isEmpty()) {
      node.set(
          "allowedAddresses",
          Tree.texts(document.allowedAddresses().stream().map(Prefix::shortText).toList()));
    }
    return node;
  }

  private static ObjectNode writePublicAddress(PublicAddress pair) {
    ObjectNode node = Tree.object();
    node.put("public", pair.publicAddress().toString());
    node.put("private", pair.privateAddress().toString());
    return node;
  }
}
