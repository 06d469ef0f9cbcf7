package io.fynbos.controller.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.controller.store.Commit;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.Document;
import io.fynbos.policy.wire.Documents;
import java.nio.charset.StandardCharsets;

/**
 * Changes as the watch tells them: {@code {"revision", "change": "put" | "delete" | …, "kind",
 * "name", "document"}}. The last event of a revision carries its number as the event's id, so that
 * a client which resumes after an id misses nothing.
 */
final class ChangeEvents {

  private ChangeEvents() {}

  /** The events of some changes of a commit, as text of the stream. */
  static String text(Commit commit, int from, int to) {
    StringBuilder out = new StringBuilder();
    for (int i = from; i < to; i++) {
      Change change = commit.changes().get(i);
      ObjectNode data = json(change);
      data.put("revision", commit.revision().number());
      boolean last = i == commit.changes().size() - 1;
      if (last) {
        out.append("id: ").append(commit.revision()).append('\n');
      }
      data.put("last", last);
      out.append("event: change\ndata: ")
          .append(new String(Json.bytes(data), StandardCharsets.UTF_8))
          .append("\n\n");
    }
    return out.toString();
  }

  static ObjectNode json(Change change) {
    if (change instanceof Change.UniversePut put) {
      return put(new Document.UniverseDocument(put.universe()));
    }
    if (change instanceof Change.GroupPut put) {
      return put(new Document.GroupDocument(put.group()));
    }
    if (change instanceof Change.EndpointPut put) {
      return put(Document.EndpointDocument.of(put.endpoint()));
    }
    if (change instanceof Change.PolicyPut put) {
      return put(new Document.PolicyDocument(put.policy()));
    }
    if (change instanceof Change.PoolPut put) {
      return put(new Document.PoolDocument(put.pool()));
    }
    if (change instanceof Change.HostPut put) {
      return put(new Document.HostDocument(put.host()));
    }
    if (change instanceof Change.UniverseDeleted gone) {
      return event("delete", "Universe", gone.name());
    }
    if (change instanceof Change.GroupDeleted gone) {
      return event("delete", "SecurityGroup", gone.ref());
    }
    if (change instanceof Change.EndpointDeleted gone) {
      return event("delete", "Endpoint", gone.ref());
    }
    if (change instanceof Change.PolicyDeleted gone) {
      return event("delete", "Policy", gone.ref());
    }
    if (change instanceof Change.PoolDeleted gone) {
      return event("delete", "Pool", gone.name());
    }
    if (change instanceof Change.HostDeleted gone) {
      return event("delete", "Host", gone.name());
    }
    return internal(change);
  }

  /** Changes of what has no document: bindings and numbers. */
  private static ObjectNode internal(Change change) {
    if (change instanceof Change.BindingPut put) {
      Binding binding = put.binding();
      ObjectNode event = event("put", "Binding", binding.endpoint());
      event.put("host", binding.host().value()).put("ofport", binding.ofport());
      return event;
    }
    if (change instanceof Change.BindingDeleted gone) {
      return event("delete", "Binding", gone.endpoint());
    }
    if (change instanceof Change.AddressClaimed claimed) {
      ObjectNode event = event("put", "Claim", claimed.universe() + "/" + claimed.address());
      return event.put("endpoint", claimed.endpoint().toString());
    }
    if (change instanceof Change.AddressUnclaimed gone) {
      return event("delete", "Claim", gone.universe() + "/" + gone.address());
    }
    if (change instanceof Change.IdentityAdded added) {
      return event("added", "Identity", added.identity());
    }
    if (change instanceof Change.IdentityRetired retired) {
      return event("retired", "Identity", retired.identity());
    }
    if (change instanceof Change.IdentityReleased released) {
      return event("released", "Identity", released.identity());
    }
    if (change instanceof Change.PolicyNumberRested rested) {
      return event("rested", "PolicyNumber", rested.number());
    }
    if (change instanceof Change.UniverseNumberRested rested) {
      return event("rested", "UniverseNumber", rested.number());
    }
    if (change instanceof Change.PolicyNumberReleased released) {
      return event("released", "PolicyNumber", released.number());
    }
    if (change instanceof Change.UniverseNumberReleased released) {
      return event("released", "UniverseNumber", released.number());
    }
    throw new IllegalStateException("a change of unknown kind: " + change);
  }

  private static ObjectNode put(Document document) {
    ObjectNode event = event("put", document.key().kind().text(), document.key());
    event.set("document", Documents.tree(document));
    return event;
  }

  private static ObjectNode event(String change, String kind, Object name) {
    return Json.object().put("change", change).put("kind", kind).put("name", name.toString());
  }
}
