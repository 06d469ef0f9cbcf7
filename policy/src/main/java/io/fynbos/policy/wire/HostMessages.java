package io.fynbos.policy.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.policy.decide.Attachment;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.report.AppliedReport;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What hosts and the API tell each other about bindings and revisions, as JSON. */
public final class HostMessages {
  private HostMessages() {}

  /** One line of the answer to a host's bindings. */
  public record BindingState(UUID id, Optional<EndpointRef> endpoint, Attachment.State state) {}

  /** The answer to a host's bindings. */
  public record BindingsAnswer(Revision revision, List<BindingState> bindings) {
    public BindingsAnswer {
      bindings = List.copyOf(bindings);
    }

    /** The answer that tells what became of each attachment. */
    public static BindingsAnswer of(Revision revision, List<Attachment.Judged> judged) {
      return new BindingsAnswer(
          revision,
          judged.stream()
              .map(j -> new BindingState(j.attachment().id(), j.endpoint(), j.state()))
              .toList());
    }
  }

  /**
   * Reads what is attached on a host: {@code {"bindings": [{"id", "ofport", "mac"}], "complete":
   * true}}.
   */
  public static Command.SetBindings readBindings(HostName host, byte[] bytes) throws WireError {
    Fields fields = new At(Trees.readJson(bytes), "").object();
    fields.required("bindings");
    List<Attachment> attachments =
        fields.list("bindings", Command.SetBindings.ATTACHMENTS_MAX, HostMessages::readAttachment);
    boolean complete = fields.optional("complete", At::bool).orElse(true);
    fields.done();
    return new Command.SetBindings(host, attachments, complete);
  }

  private static Attachment readAttachment(At at) throws WireError {
    Fields fields = at.object();
    Attachment attachment =
        new Attachment(
            fields.required("id", Values::uuid),
            fields.required("ofport", port -> port.integer(Binding.OFPORT_MIN, Binding.OFPORT_MAX)),
            fields.optional("mac", Values::mac));
    fields.done();
    return attachment;
  }

  public static byte[] writeBindings(List<Attachment> attachments, boolean complete) {
    ObjectNode node = Tree.object();
    node.set("bindings", Tree.objects(attachments, HostMessages::writeAttachment));
    node.put("complete", complete);
    return Print.json(node);
  }

  private static ObjectNode writeAttachment(Attachment attachment) {
    ObjectNode node = Tree.object();
    node.put("id", attachment.id().toString());
    node.put("ofport", attachment.ofport());
    attachment.mac().ifPresent(mac -> node.put("mac", mac.toString()));
    return node;
  }

  /** Prints the answer to a host's bindings; {@code endpoint} is null where there is none. */
  public static byte[] writeAnswer(BindingsAnswer answer) {
    ObjectNode node = Tree.object();
    node.put("revision", answer.revision().number());
    node.set(
        "bindings",
        Tree.objects(
            answer.bindings(),
            state -> {
              ObjectNode line = Tree.object();
              line.put("id", state.id().toString());
              if (state.endpoint().isPresent()) {
                line.put("endpoint", state.endpoint().get().toString());
              } else {
                line.putNull("endpoint");
              }
              return line.put("state", state.state().text());
            }));
    return Print.json(node);
  }

  public static BindingsAnswer readAnswer(byte[] bytes) throws WireError {
    Fields fields = new At(Trees.readJson(bytes), "").object();
    Revision revision = fields.required("revision", HostMessages::revision);
    List<BindingState> bindings =
        fields.list("bindings", Command.SetBindings.ATTACHMENTS_MAX, HostMessages::readState);
    fields.done();
    return new BindingsAnswer(revision, bindings);
  }

  private static BindingState readState(At at) throws WireError {
    Fields fields = at.object();
    Optional<EndpointRef> endpoint = Optional.empty();
    At endpointAt = fields.required("endpoint");
    if (!endpointAt.node().isNull()) {
      endpoint = Optional.of(endpointAt.parsed("an endpoint", EndpointRef::parse));
    }
    BindingState state =
        new BindingState(
            fields.required("id", Values::uuid),
            endpoint,
            fields.required(
                "state", s -> s.word(Attachment.State.values(), Attachment.State::text)));
    fields.done();
    return state;
  }

  /**
   * Prints {@code {"revision": n}}: the answer to every change, and a host's report of what it has
   * applied.
   */
  public static byte[] writeRevision(Revision revision) {
    return Print.json(Tree.object().put("revision", revision.number()));
  }

  /** Reads {@code {"revision": n}}. */
  public static Revision readRevision(byte[] bytes) throws WireError {
    Fields fields = new At(Trees.readJson(bytes), "").object();
    Revision revision = fields.required("revision", HostMessages::revision);
    fields.done();
    return revision;
  }

  private static Revision revision(At at) throws WireError {
    return new Revision(at.integer(0, Long.MAX_VALUE));
  }

  /** A binding as the API lists it. */
  public static ObjectNode tree(Binding binding) {
    ObjectNode node = Tree.object();
    node.put("endpoint", binding.endpoint().toString());
    node.put("host", binding.host().value());
    node.put("ofport", binding.ofport());
    return node.put("generation", binding.generation());
  }

  /** How far a revision has come, as the API answers it. */
  public static byte[] writeReport(AppliedReport report) {
    ObjectNode node = Tree.object();
    node.put("revision", report.revision().number());
    node.put("applied", report.applied());
    node.set("waitingFor", Tree.texts(report.waitingFor()));
    node.set("unreachable", Tree.texts(report.unreachable()));
    node.set("fenced", Tree.texts(report.fenced()));
    return Print.json(node);
  }

  public static AppliedReport readReport(byte[] bytes) throws WireError {
    Fields fields = new At(Trees.readJson(bytes), "").object();
    AppliedReport report =
        new AppliedReport(
            fields.required("revision", HostMessages::revision),
            fields.required("applied", At::bool),
            hosts(fields, "waitingFor"),
            hosts(fields, "unreachable"),
            hosts(fields, "fenced"));
    fields.done();
    return report;
  }

  private static List<HostName> hosts(Fields fields, String name) throws WireError {
    return fields.list(name, Integer.MAX_VALUE, at -> at.parsed(Values.NAME, HostName::new));
  }
}
