package io.fynbos.policy.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.model.Document;
import io.fynbos.policy.model.Edit;
import io.fynbos.policy.model.EndpointName;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Kind;
import io.fynbos.policy.model.ObjectKey;
import io.fynbos.policy.model.PolicyName;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.PoolName;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.wire.WireError.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Documents as JSON and YAML. JSON is one document, a list of them, or {@code {documents: […]}};
 * YAML is any number of such, with {@code ---} between them. Unknown fields and kinds, wrong types,
 * repeated fields and repeated names are refused with the path of the field. What is printed is
 * canonical, and reads back equal.
 */
public final class Documents {
  private Documents() {}

  /** Reads documents; those with {@code delete: true} take their object away. */
  public static List<Edit> parse(byte[] bytes, Format format) throws WireError {
    return edits(bytes, format, false);
  }

  /** Reads documents that are JSON or YAML by their looks. */
  public static List<Edit> parse(byte[] bytes) throws WireError {
    return parse(bytes, Format.of(bytes));
  }

  /**
   * Reads documents all of which take their object away; of each, only what names the object is
   * looked at.
   */
  public static List<Edit> parseDeletes(byte[] bytes, Format format) throws WireError {
    return edits(bytes, format, true);
  }

  /**
   * Reads the one JSON document of an object whose key is known from elsewhere, such as the path of
   * a request: kind, universe and name may be left out, and must agree when they are there.
   */
  public static Document parseOne(byte[] bytes, ObjectKey key) throws WireError {
    Fields given = new At(Trees.readJson(bytes), "").object();
    ObjectNode named = Tree.object();
    Map<String, String> names = names(key);
    for (Map.Entry<String, String> name : names.entrySet()) {
      Optional<At> at = given.optional(name.getKey());
      if (at.isPresent() && !at.get().text().equals(name.getValue())) {
        throw at.get().badValue('"' + name.getValue() + "\", as in the path");
      }
      named.put(name.getKey(), name.getValue());
    }
    if (given.optional("universe").isPresent() && !names.containsKey("universe")) {
      throw given.required("universe").badValue("no universe, as in the path");
    }
    named.setAll((ObjectNode) given.self().node());
    Edit edit = edit(new At(named, ""), false);
    if (edit instanceof Edit.Put put) {
      return put.document();
    }
    throw new WireError(Fault.BAD_VALUE, "delete", "a document to put", "delete: true");
  }

  private static Map<String, String> names(ObjectKey key) {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("kind", key.kind().text());
    String text = key.toString();
    int slash = text.indexOf('/');
    if (slash >= 0) {
      names.put("universe", text.substring(0, slash));
    }
    names.put("name", text.substring(slash + 1));
    return names;
  }

  private static List<Edit> edits(byte[] bytes, Format format, boolean deleting) throws WireError {
    List<At> documents = split(Trees.read(bytes, format));
    List<Edit> edits = new ArrayList<>(documents.size());
    Map<ObjectKey, String> seen = new HashMap<>();
    for (At document : documents) {
      Edit edit = edit(document, deleting);
      String first = seen.putIfAbsent(edit.key(), document.path());
      if (first != null) {
        throw new WireError(
            Fault.DUPLICATE_NAME,
            document.path(),
            "each object once",
            edit.key().sentence() + " a second time",
            "it is " + first + " already",
            "");
      }
      edits.add(edit);
    }
    return edits;
  }

  /** Every document of the trees; a path starts with its place unless it is alone. */
  private static List<At> split(List<JsonNode> trees) throws WireError {
    boolean alone = trees.size() == 1 && trees.get(0).isObject() && !trees.get(0).has("documents");
    List<At> documents = new ArrayList<>();
    for (JsonNode tree : trees) {
      if (tree.isArray()) {
        tree.forEach(element -> documents.add(numbered(element, documents.size())));
      } else if (tree instanceof ObjectNode object && object.has("documents")) {
        Fields fields = new Fields(object, "");
        At list = fields.required("documents");
        fields.done();
        if (!list.node().isArray()) {
          throw list.wrongType("a list of documents");
        }
        list.node().forEach(element -> documents.add(numbered(element, documents.size())));
      } else {
        documents.add(alone ? new At(tree, "") : numbered(tree, documents.size()));
      }
    }
    int max = Command.Batch.EDITS_MAX;
    if (documents.size() > max) {
      throw new WireError(
          Fault.TOO_LARGE, "", "at most " + max + " documents", documents.size() + " documents");
    }
    return documents;
  }

  private static At numbered(JsonNode node, int index) {
    return new At(node, "documents[" + index + "]");
  }

  private static Edit edit(At at, boolean deleting) throws WireError {
    Fields fields = at.object();
    Kind kind = fields.required("kind", Documents::kind);
    ObjectKey key = key(fields, kind);
    try {
      boolean delete = fields.optional("delete", At::bool).orElse(false);
      if (delete || deleting) {
        fields.allow(fieldsOf(kind));
        fields.done();
        return new Edit.Delete(key);
      }
      return new Edit.Put(document(fields, key));
    } catch (WireError e) {
      throw e.about(kind.text() + " " + key);
    }
  }

  private static Kind kind(At at) throws WireError {
    String text = at.text();
    Optional<Kind> kind = Kind.of(text);
    if (kind.isEmpty()) {
      String kinds = Arrays.stream(Kind.values()).map(Kind::text).collect(Collectors.joining(", "));
      throw new WireError(Fault.UNKNOWN_KIND, at.path(), "one of " + kinds, at.show());
    }
    return kind.get();
  }

  private static ObjectKey key(Fields fields, Kind kind) throws WireError {
    return switch (kind) {
      case UNIVERSE -> name(fields, UniverseName::new);
      case GROUP -> new GroupRef(universe(fields), name(fields, GroupName::new));
      case ENDPOINT -> new EndpointRef(universe(fields), name(fields, EndpointName::new));
      case POLICY ->
          new PolicyRef(
              fields.optional("universe", Values::universe), name(fields, PolicyName::new));
      case POOL -> name(fields, PoolName::new);
      case HOST -> name(fields, HostName::new);
    };
  }

  private static UniverseName universe(Fields fields) throws WireError {
    return fields.required("universe", Values::universe);
  }

  private static <T> T name(Fields fields, Function<String, T> make) throws WireError {
    return fields.required("name", at -> at.parsed(Values.NAME, make));
  }

  private static List<String> fieldsOf(Kind kind) {
    return switch (kind) {
      case UNIVERSE -> UniverseForm.UNIVERSE_FIELDS;
      case GROUP -> UniverseForm.GROUP_FIELDS;
      case ENDPOINT -> EndpointForm.FIELDS;
      case POLICY -> PolicyForm.FIELDS;
      case POOL -> FabricForm.POOL_FIELDS;
      case HOST -> FabricForm.HOST_FIELDS;
    };
  }

  private static Document document(Fields fields, ObjectKey key) throws WireError {
    return switch (key.kind()) {
      case UNIVERSE -> new Document.UniverseDocument(UniverseForm.read(fields, (UniverseName) key));
      case GROUP -> new Document.GroupDocument(UniverseForm.readGroup(fields, (GroupRef) key));
      case ENDPOINT -> EndpointForm.read(fields, (EndpointRef) key);
      case POLICY -> new Document.PolicyDocument(PolicyForm.read(fields, (PolicyRef) key));
      case POOL -> new Document.PoolDocument(FabricForm.readPool(fields, (PoolName) key));
      case HOST -> new Document.HostDocument(FabricForm.readHost(fields, (HostName) key));
    };
  }

  /** The document of a tree within a larger one, such as the store's. */
  static Document document(At at) throws WireError {
    Edit edit = edit(at, false);
    if (edit instanceof Edit.Put put) {
      return put.document();
    }
    throw at.badValue("a document to put", "it has delete: true");
  }

  /** The canonical tree of a document. */
  public static ObjectNode tree(Document document) {
    if (document instanceof Document.UniverseDocument universe) {
      return UniverseForm.write(universe.universe());
    } else if (document instanceof Document.GroupDocument group) {
      return UniverseForm.writeGroup(group.group());
    } else if (document instanceof Document.EndpointDocument endpoint) {
      return EndpointForm.write(endpoint);
    } else if (document instanceof Document.PolicyDocument policy) {
      return PolicyForm.write(policy.policy());
    } else if (document instanceof Document.PoolDocument pool) {
      return FabricForm.writePool(pool.pool());
    } else if (document instanceof Document.HostDocument host) {
      return FabricForm.writeHost(host.host());
    }
    throw new IllegalStateException("no form for " + document);
  }

  /**
   * The canonical tree of an edit: the document, or what names the object and {@code delete: true}.
   */
  public static ObjectNode tree(Edit edit) {
    if (edit instanceof Edit.Put put) {
      return tree(put.document());
    }
    ObjectNode node = Tree.object();
    names(edit.key()).forEach(node::put);
    return node.put("delete", true);
  }

  /** A document as compact JSON, in UTF-8. */
  public static byte[] toJson(Document document) {
    return Print.json(tree(document));
  }

  /** Edits as a compact JSON list, in UTF-8. */
  public static byte[] toJson(List<Edit> edits) {
    return Print.json(Tree.objects(edits, Documents::tree));
  }

  /** Edits as YAML, with {@code ---} between them, in UTF-8. */
  public static byte[] toYaml(List<Edit> edits) {
    return Print.yaml(edits.stream().map(Documents::tree).toList());
  }
}
