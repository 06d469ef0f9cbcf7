package io.fynbos.agent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.agent.local.LocalSwitch;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Revision;
import java.util.List;
import java.util.Locale;

/**
 * How the agent fares, for whoever looks at the host.
 *
 * @param database whether the database is being followed
 * @param controller whether the controller's orders are being followed
 * @param applied the last revision reported as applied
 * @param attached interfaces with an endpoint's id and a port
 * @param reported whether the controller has taken that set
 * @param flowsKept flows on disk, as far as this process wrote them
 * @param logged records of the flow log that the controller has taken
 * @param logDropped packets to be logged that became no such record
 * @param claims claims of addresses that it has taken
 * @param questions its questions that were answered
 * @param faults events that failed by a bug
 */
public record Status(
    boolean database,
    LocalSwitch.State localSwitch,
    boolean controller,
    Revision applied,
    int attached,
    boolean reported,
    int flowsKept,
    int neighbours,
    List<IpAddress> unresolved,
    long answered,
    long unanswered,
    long logged,
    long logDropped,
    long claims,
    long questions,
    long faults) {
  public Status {
    unresolved = List.copyOf(unresolved);
  }

  /** The status as it is written to the file. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("database", database);
    json.put("switch", localSwitch.name().toLowerCase(Locale.ROOT));
    json.put("controller", controller);
    json.put("applied", applied.number());
    json.put("attached", attached);
    json.put("reported", reported);
    json.put("flowsKept", flowsKept);
    json.put("neighbours", neighbours);
    ArrayNode addresses = json.putArray("unresolved");
    unresolved.forEach(address -> addresses.add(address.toString()));
    json.put("answered", answered);
    json.put("unanswered", unanswered);
    json.put("logged", logged);
    json.put("logDropped", logDropped);
    json.put("claims", claims);
    json.put("questions", questions);
    json.put("faults", faults);
    return json;
  }
}
