package io.fynbos.policy.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.Document;
import io.fynbos.policy.model.Document.EndpointDocument;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.FabricObject;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.PolicyNumber;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.PoolName;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.pcollections.TreePSet;

/**
 * The changes of one commit as the store keeps them: compact JSON with a version, which readers of
 * another version refuse. What is printed reads back equal.
 */
public final class Changes {
  /** The version that is written, and the only one that is read. */
  public static final int VERSION = 1;

  private static final Map<String, Fields.Reading<Change>> READERS =
      Map.ofEntries(
          Map.entry("UniversePut", Changes::readUniverse),
          Map.entry(
              "UniverseDeleted", at -> new Change.UniverseDeleted(key(at, UniverseName::new))),
          Map.entry(
              "UniverseNumberReleased",
              at -> new Change.UniverseNumberReleased(number(at, UniverseNumber::new))),
          Map.entry(
              "UniverseNumberRested",
              at -> new Change.UniverseNumberRested(number(at, UniverseNumber::new))),
          Map.entry(
              "GroupPut",
              at -> new Change.GroupPut(object(at, Document.GroupDocument.class).group())),
          Map.entry("GroupDeleted", at -> new Change.GroupDeleted(key(at, GroupRef::parse))),
          Map.entry("EndpointPut", Changes::readEndpoint),
          Map.entry(
              "EndpointDeleted", at -> new Change.EndpointDeleted(key(at, EndpointRef::parse))),
          Map.entry("PolicyPut", Changes::readPolicy),
          Map.entry("PolicyDeleted", at -> new Change.PolicyDeleted(key(at, PolicyRef::parse))),
          Map.entry(
              "PolicyNumberReleased",
              at -> new Change.PolicyNumberReleased(number(at, PolicyNumber::new))),
          Map.entry(
              "PolicyNumberRested",
              at -> new Change.PolicyNumberRested(number(at, PolicyNumber::new))),
          Map.entry(
              "PoolPut", at -> new Change.PoolPut(object(at, Document.PoolDocument.class).pool())),
          Map.entry("PoolDeleted", at -> new Change.PoolDeleted(key(at, PoolName::new))),
          Map.entry(
              "HostPut", at -> new Change.HostPut(object(at, Document.HostDocument.class).host())),
          Map.entry("HostDeleted", at -> new Change.HostDeleted(key(at, HostName::new))),
          Map.entry("BindingPut", Changes::readBinding),
          Map.entry("BindingDeleted", at -> new Change.BindingDeleted(key(at, EndpointRef::parse))),
          Map.entry("AddressClaimed", Changes::readClaim),
          Map.entry("AddressUnclaimed", Changes::readUnclaim),
          Map.entry("IdentityAdded", Changes::readIdentity),
          Map.entry("IdentityRetired", at -> new Change.IdentityRetired(number(at, Identity::new))),
          Map.entry(
              "IdentityReleased", at -> new Change.IdentityReleased(number(at, Identity::new))));

  private Changes() {}

  /** The changes as UTF-8 bytes. */
  public static byte[] encode(List<Change> changes) {
    ObjectNode node = Tree.object();
    node.put("v", VERSION);
    node.set("changes", Tree.objects(changes, Changes::tree));
    return Print.json(node);
  }

  /** The changes of bytes that {@link #encode} made. */
  public static List<Change> decode(byte[] bytes) throws WireError {
    Fields fields = new At(Trees.readStored(bytes), "").object();
    fields.required("v", at -> at.integer(VERSION, VERSION));
    List<Change> changes = new ArrayList<>();
    for (At at : fields.required("changes").list(Integer.MAX_VALUE)) {
      Fields change = at.object();
      At type = change.required("type");
      Fields.Reading<Change> reader = READERS.get(type.text());
      if (reader == null) {
        throw type.badValue("the type of a change");
      }
      changes.add(at.made("a change", () -> reader.read(at)));
    }
    fields.done();
    return changes;
  }

  /** The tree of one change: its type, and what it has. */
  public static ObjectNode tree(Change change) {
    ObjectNode node = Tree.object();
    node.put("type", change.getClass().getSimpleName());
    if (change instanceof Change.UniversePut put) {
      return object(node, put.universe()).put("number", put.number().number());
    } else if (change instanceof Change.UniverseDeleted deleted) {
      return node.put("name", deleted.name().value());
    } else if (change instanceof Change.UniverseNumberReleased released) {
      return node.put("number", released.number().number());
    } else if (change instanceof Change.UniverseNumberRested rested) {
      return node.put("number", rested.number().number());
    } else if (change instanceof Change.GroupPut put) {
      return object(node, put.group());
    } else if (change instanceof Change.GroupDeleted deleted) {
      return node.put("name", deleted.ref().toString());
    } else if (change instanceof Change.EndpointPut put) {
      return object(node, put.endpoint()).put("identity", put.identity().number());
    } else if (change instanceof Change.EndpointDeleted deleted) {
      return node.put("name", deleted.ref().toString());
    } else if (change instanceof Change.PolicyPut put) {
      return object(node, put.policy()).put("number", put.number().number());
    } else if (change instanceof Change.PolicyDeleted deleted) {
      return node.put("name", deleted.ref().toString());
    } else if (change instanceof Change.PolicyNumberReleased released) {
      return node.put("number", released.number().number());
    } else if (change instanceof Change.PolicyNumberRested rested) {
      return node.put("number", rested.number().number());
    }
    return treeOfOthers(node, change);
  }

  private static ObjectNode treeOfOthers(ObjectNode node, Change change) {
    if (change instanceof Change.PoolPut put) {
      return object(node, put.pool());
    } else if (change instanceof Change.PoolDeleted deleted) {
      return node.put("name", deleted.name().value());
    } else if (change instanceof Change.HostPut put) {
      return object(node, put.host());
    } else if (change instanceof Change.HostDeleted deleted) {
      return node.put("name", deleted.name().value());
    } else if (change instanceof Change.BindingPut put) {
      Binding binding = put.binding();
      return node.put("name", binding.endpoint().toString())
          .put("host", binding.host().value())
          .put("ofport", binding.ofport())
          .put("generation", binding.generation());
    } else if (change instanceof Change.BindingDeleted deleted) {
      return node.put("name", deleted.endpoint().toString());
    } else if (change instanceof Change.AddressClaimed claimed) {
      return node.put("name", claimed.endpoint().toString())
          .put("address", claimed.address().toString());
    } else if (change instanceof Change.AddressUnclaimed unclaimed) {
      return node.put("universe", unclaimed.universe().value())
          .put("address", unclaimed.address().toString());
    } else if (change instanceof Change.IdentityAdded added) {
      node.put("identity", added.identity().number());
      node.put("universe", added.universe().value());
      node.put("number", added.number().number());
      node.set("groups", Tree.texts(added.groups()));
      return node;
    } else if (change instanceof Change.IdentityRetired retired) {
      return node.put("number", retired.identity().number());
    } else if (change instanceof Change.IdentityReleased released) {
      return node.put("number", released.identity().number());
    }
    throw new IllegalStateException("no form for " + change);
  }

  private static ObjectNode object(ObjectNode node, FabricObject object) {
    node.set("object", Documents.tree(object.document()));
    return node;
  }

  private static <D extends Document> D object(At at, Class<D> type) throws WireError {
    At object = at.object().required("object");
    Document document = Documents.document(object);
    if (!type.isInstance(document)) {
      throw object.badValue("an object of the kind that the change is about");
    }
    return type.cast(document);
  }

  private static <K> K key(At at, Function<String, K> parse) throws WireError {
    return at.object().required("name", name -> name.parsed("a name", parse));
  }

  private static <N> N number(At at, Function<Integer, N> make) throws WireError {
    return make.apply(at.object().required("number", Changes::integer));
  }

  private static int integer(At at) throws WireError {
    return at.integer(0, Integer.MAX_VALUE);
  }

  private static Change readUniverse(At at) throws WireError {
    return new Change.UniversePut(
        object(at, Document.UniverseDocument.class).universe(), number(at, UniverseNumber::new));
  }

  private static Change readPolicy(At at) throws WireError {
    return new Change.PolicyPut(
        object(at, Document.PolicyDocument.class).policy(), number(at, PolicyNumber::new));
  }

  private static Change readEndpoint(At at) throws WireError {
    EndpointDocument document = object(at, EndpointDocument.class);
    if (document.id().isEmpty() || document.mac().isEmpty()) {
      throw at.badValue("an endpoint with its id and mac");
    }
    Endpoint endpoint =
        new Endpoint(
            document.key(),
            document.id().get(),
            document.mac().get(),
            document.addresses(),
            document.groups(),
            document.publicAddresses(),
            document.allowedAddresses());
    int identity = at.object().required("identity", Changes::integer);
    return new Change.EndpointPut(endpoint, new Identity(identity));
  }

  private static Change readBinding(At at) throws WireError {
    Fields fields = at.object();
    return new Change.BindingPut(
        new Binding(
            key(at, EndpointRef::parse),
            fields.required("host", host -> host.parsed("a host", HostName::new)),
            fields.required("ofport", Changes::integer),
            fields.required("generation", g -> g.integer(1, Long.MAX_VALUE))));
  }

  private static Change readClaim(At at) throws WireError {
    EndpointRef endpoint = key(at, EndpointRef::parse);
    return new Change.AddressClaimed(
        endpoint.universe(), at.object().required("address", Values::address), endpoint);
  }

  private static Change readUnclaim(At at) throws WireError {
    Fields fields = at.object();
    return new Change.AddressUnclaimed(
        fields.required("universe", Values::universe), fields.required("address", Values::address));
  }

  private static Change readIdentity(At at) throws WireError {
    Fields fields = at.object();
    return new Change.IdentityAdded(
        new Identity(fields.required("identity", Changes::integer)),
        fields.required("universe", Values::universe),
        number(at, UniverseNumber::new),
        TreePSet.from(fields.list("groups", Endpoint.GROUPS_MAX, Values::group)));
  }
}
