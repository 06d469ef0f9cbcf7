package io.fynbos.policy.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Internet;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.SecurityGroup;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import java.util.List;
import java.util.Optional;

/** Universes and security groups as documents. */
final class UniverseForm {
  static final List<String> UNIVERSE_FIELDS =
      List.of(
          "kind",
          "name",
          "prefixes",
          "defaults",
          "keepEstablished",
          "logDenied",
          "internet",
          "delete");
  static final List<String> GROUP_FIELDS = List.of("kind", "universe", "name", "delete");
  private static final Action[] DEFAULTS = {Action.ALLOW, Action.DENY};

  private UniverseForm() {}

  static Universe read(Fields fields, UniverseName name) throws WireError {
    List<Prefix> prefixes = fields.required("prefixes", UniverseForm::prefixes);
    Optional<At> defaults = fields.optional("defaults");
    Action in = Action.DENY;
    Action out = Action.ALLOW;
    if (defaults.isPresent()) {
      Fields actions = defaults.get().object();
      in = actions.optional("in", UniverseForm::defaultAction).orElse(in);
      out = actions.optional("out", UniverseForm::defaultAction).orElse(out);
      actions.done();
    }
    Action defaultIn = in;
    Action defaultOut = out;
    boolean keepEstablished = fields.optional("keepEstablished", At::bool).orElse(false);
    boolean logDenied = fields.optional("logDenied", At::bool).orElse(false);
    Internet internet =
        fields
            .optional("internet", at -> at.word(Internet.values(), Internet::text))
            .orElse(Internet.NONE);
    fields.done();
    return fields
        .self()
        .made(
            "a universe",
            () ->
                new Universe(
                    name, prefixes, defaultIn, defaultOut, keepEstablished, logDenied, internet));
  }

  private static Action defaultAction(At at) throws WireError {
    return at.word(DEFAULTS, Action::text);
  }

  private static List<Prefix> prefixes(At at) throws WireError {
    return Values.prefixes(at, Universe.PREFIXES_MAX);
  }

  static ObjectNode write(Universe universe) {
    ObjectNode node = Tree.object();
    node.put("kind", "Universe");
    node.put("name", universe.name().value());
    node.set("prefixes", Tree.texts(universe.prefixes()));
    ObjectNode defaults = node.putObject("defaults");
    defaults.put("in", universe.defaultIn().text());
    defaults.put("out", universe.defaultOut().text());
    node.put("keepEstablished", universe.keepEstablished());
    node.put("logDenied", universe.logDenied());
    node.put("internet", universe.internet().text());
    return node;
  }

  static SecurityGroup readGroup(Fields fields, GroupRef ref) throws WireError {
    fields.done();
    return new SecurityGroup(ref);
  }

  static ObjectNode writeGroup(SecurityGroup group) {
    ObjectNode node = Tree.object();
    node.put("kind", "SecurityGroup");
    node.put("universe", group.ref().universe().value());
    node.put("name", group.ref().name().value());
    return node;
  }
}
