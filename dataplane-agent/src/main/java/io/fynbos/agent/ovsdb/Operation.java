package io.fynbos.agent.ovsdb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** RFC 7047 §5.2: what a transaction is made of. */
public sealed interface Operation {
  /** A new row; the others may refer to it by {@code name}. */
  record Insert(String table, String name, SortedMap<String, JsonNode> row) implements Operation {
    public Insert(String table, String name, Map<String, JsonNode> row) {
      this(table, name, new TreeMap<>(row));
    }

    @Override
    public ObjectNode toJson() {
      ObjectNode node = operation("insert", table);
      node.set("row", object(row));
      node.put("uuid-name", name);
      return node;
    }
  }

  /** Overwrites columns of one row. */
  record Update(String table, UUID uuid, SortedMap<String, JsonNode> row) implements Operation {
    public Update(String table, UUID uuid, Map<String, JsonNode> row) {
      this(table, uuid, new TreeMap<>(row));
    }

    @Override
    public ObjectNode toJson() {
      ObjectNode node = operation("update", table);
      node.set("where", is(uuid));
      node.set("row", object(row));
      return node;
    }
  }

  /** Changes columns of one row in place, so that what others put there stays. */
  record Mutate(String table, UUID uuid, List<Mutation> mutations) implements Operation {
    public Mutate {
      mutations = List.copyOf(mutations);
    }

    @Override
    public ObjectNode toJson() {
      ObjectNode node = operation("mutate", table);
      node.set("where", is(uuid));
      ArrayNode list = node.putArray("mutations");
      for (Mutation mutation : mutations) {
        list.addArray().add(mutation.column()).add(mutation.mutator()).add(mutation.value());
      }
      return node;
    }
  }

  /** Aborts the transaction unless the row's columns still hold these values: the prerequisite. */
  record Expect(String table, UUID uuid, SortedMap<String, JsonNode> row) implements Operation {
    public Expect(String table, UUID uuid, Map<String, JsonNode> row) {
      this(table, uuid, new TreeMap<>(row));
    }

    @Override
    public ObjectNode toJson() {
      ObjectNode node = operation("wait", table);
      node.put("timeout", 0);
      node.set("where", is(uuid));
      ArrayNode columns = node.putArray("columns");
      row.keySet().forEach(columns::add);
      node.put("until", "==");
      node.putArray("rows").add(object(row));
      return node;
    }
  }

  /** Aborts the transaction when a row of that name is there. */
  record ExpectAbsent(String table, String name) implements Operation {
    @Override
    public ObjectNode toJson() {
      ObjectNode node = operation("wait", table);
      node.put("timeout", 0);
      node.putArray("where").addArray().add("name").add("==").add(name);
      node.putArray("columns").add("name");
      node.put("until", "==");
      node.putArray("rows");
      return node;
    }
  }

  /** Reads columns of one row, as they are at that point of the transaction. */
  record Select(String table, UUID uuid, List<String> columns) implements Operation {
    public Select {
      columns = List.copyOf(columns);
    }

    @Override
    public ObjectNode toJson() {
      ObjectNode node = operation("select", table);
      node.set("where", is(uuid));
      ArrayNode list = node.putArray("columns");
      columns.forEach(list::add);
      return node;
    }
  }

  /** One change in place: {@code insert}, {@code delete} or {@code +=} of a value in a column. */
  record Mutation(String column, String mutator, JsonNode value) {}

  /** The operation as it goes over the wire. */
  ObjectNode toJson();

  private static ObjectNode operation(String op, String table) {
    return JsonNodeFactory.instance.objectNode().put("op", op).put("table", table);
  }

  private static ObjectNode object(Map<String, JsonNode> row) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    row.forEach(node::set);
    return node;
  }

  private static ArrayNode is(UUID uuid) {
    ArrayNode where = JsonNodeFactory.instance.arrayNode();
    where.addArray().add("_uuid").add("==").add(Values.uuid(uuid));
    return where;
  }
}
