package io.fynbos.agent.jsonrpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * JSON-RPC 1.0 specification §1.1–1.3, with the one liberty that Open vSwitch's control sockets
 * take: a reply may leave out whichever of {@code result} and {@code error} is null.
 */
public sealed interface JsonRpcMessage {
  /** Asks for a reply under the same id. */
  record Request(JsonNode id, String method, JsonNode params) implements JsonRpcMessage {
    @Override
    public ObjectNode toJson() {
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      node.set("id", id);
      node.put("method", method);
      node.set("params", params);
      return node;
    }
  }

  /** Wants no reply. */
  record Notification(String method, JsonNode params) implements JsonRpcMessage {
    @Override
    public ObjectNode toJson() {
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      node.putNull("id");
      node.put("method", method);
      node.set("params", params);
      return node;
    }
  }

  /** Answers a request; {@code result} may be JSON null. */
  record Reply(JsonNode id, JsonNode result) implements JsonRpcMessage {
    @Override
    public ObjectNode toJson() {
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      node.set("id", id);
      node.set("result", result);
      node.putNull("error");
      return node;
    }
  }

  /** Refuses a request. */
  record Failure(JsonNode id, JsonNode error) implements JsonRpcMessage {
    @Override
    public ObjectNode toJson() {
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      node.set("id", id);
      node.putNull("result");
      node.set("error", error);
      return node;
    }
  }

  /** Deepest nesting accepted; the database's own messages stay below ten. */
  int DEPTH_MAX = 64;

  /** Longest message accepted. */
  int FRAME_BYTES_MAX = 8 << 20;

  /**
   * Reads one whole message.
   *
   * @throws JsonRpcException when it is not JSON, or not JSON-RPC
   */
  static JsonRpcMessage decode(byte[] frame) throws JsonRpcException {
    JsonNode node;
    try {
      node = Codec.MAPPER.readTree(frame);
    } catch (IOException e) {
      throw new JsonRpcException("message is not JSON: " + firstLine(e), e);
    }
    if (!(node instanceof ObjectNode message)) {
      throw new JsonRpcException("message is not an object");
    }
    JsonNode id = message.path("id");
    boolean hasId = !id.isMissingNode() && !id.isNull();
    JsonNode method = message.path("method");
    if (!method.isMissingNode()) {
      JsonNode params = message.path("params");
      if (!method.isTextual() || !params.isArray()) {
        throw new JsonRpcException("request without a method name or an array of params");
      }
      return hasId
          ? new Request(id, method.textValue(), params)
          : new Notification(method.textValue(), params);
    }
    if (!hasId) {
      throw new JsonRpcException("reply without an id");
    }
    JsonNode error = message.path("error");
    if (!error.isMissingNode() && !error.isNull()) {
      return new Failure(id, error);
    }
    JsonNode result = message.path("result");
    if (result.isMissingNode()) {
      throw new JsonRpcException("reply with neither result nor error");
    }
    return new Reply(id, result);
  }

  /** The message as a tree. */
  ObjectNode toJson();

  /** The message as it goes over the wire. */
  default byte[] encode() {
    try {
      return Codec.MAPPER.writeValueAsBytes(toJson());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain nodes was not written", e);
    }
  }

  private static String firstLine(IOException e) {
    return e instanceof JsonProcessingException json
        ? json.getOriginalMessage()
        : String.valueOf(e.getMessage());
  }

  /** The one parser, with its bounds. */
  final class Codec {
    private static final ObjectMapper MAPPER =
        new ObjectMapper(
                JsonFactory.builder()
                    .streamReadConstraints(
                        StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxStringLength(FRAME_BYTES_MAX)
                            .maxNumberLength(64)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Codec() {}
  }
}
