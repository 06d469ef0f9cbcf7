package io.fynbos.policy.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.AppliesTo;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.GroupRef;
import io.fynbos.policy.model.Peer;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyRef;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.Rule;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.model.Stage;
import io.fynbos.policy.model.Tier;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.wire.WireError.Fault;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Policies as documents. Groups are named without their universe exactly where the policy has one.
 */
final class PolicyForm {
  static final List<String> FIELDS =
      List.of("kind", "name", "tier", "universe", "order", "stage", "appliesTo", "rules", "delete");

  private final Optional<UniverseName> universe;
  private final Tier tier;

  private PolicyForm(Optional<UniverseName> universe, Tier tier) {
    this.universe = universe;
    this.tier = tier;
  }

  static Policy read(Fields fields, PolicyRef ref) throws WireError {
    At tierAt = fields.required("tier");
    Tier tier = tierAt.word(Tier.values(), Tier::text);
    if (tier == Tier.UNIVERSE && ref.universe().isEmpty()) {
      throw new WireError(
          Fault.MISSING_FIELD,
          fields.path("universe"),
          "the universe of a policy of tier universe",
          "nothing");
    }
    PolicyForm form = new PolicyForm(ref.universe(), tier);
    int order =
        fields
            .optional("order", at -> at.integer(0, Policy.ORDER_MAX))
            .orElse(Policy.ORDER_DEFAULT);
    Stage stage = fields.optional("stage", PolicyForm::stage).orElse(Stage.ENFORCE);
    AppliesTo appliesTo = fields.optional("appliesTo", form::appliesTo).orElse(AppliesTo.ALL);
    fields.required("rules");
    List<Rule> rules = fields.list("rules", Policy.RULES_MAX, form::rule);
    fields.done();
    return fields
        .self()
        .made("a policy", () -> new Policy(ref, tier, order, stage, appliesTo, rules));
  }

  private static Stage stage(At at) throws WireError {
    return at.word(Stage.values(), Stage::text);
  }

  private AppliesTo appliesTo(At at) throws WireError {
    Fields fields = at.object();
    Optional<At> universesAt = fields.optional("universes");
    if (universesAt.isPresent() && universe.isPresent()) {
      throw new WireError(
          Fault.UNKNOWN_FIELD,
          universesAt.get().path(),
          "no universes in a policy that has its universe",
          universesAt.get().show());
    }
    String ifAbsent = "leave appliesTo out to apply to every endpoint in scope";
    Set<UniverseName> seenUniverses = new HashSet<>();
    List<UniverseName> universes =
        fields.listNotEmpty(
            "universes",
            AppliesTo.UNIVERSES_MAX,
            ifAbsent,
            element -> Values.once(element, Values.universe(element), seenUniverses));
    Set<GroupRef> seenGroups = new HashSet<>();
    List<GroupRef> groups =
        fields.listNotEmpty(
            "groups",
            AppliesTo.GROUPS_MAX,
            ifAbsent,
            element -> Values.once(element, group(element), seenGroups));
    fields.done();
    if (universes.isEmpty() && groups.isEmpty()) {
      throw at.badValue("groups, or universes in a fabric-wide policy", ifAbsent);
    }
    return new AppliesTo(universes, groups);
  }

  private Rule rule(At at) throws WireError {
    Fields fields = at.object();
    Direction direction =
        fields.required("direction", e -> e.word(Direction.values(), Direction::text));
    At actionAt = fields.required("action");
    Action action = actionAt.word(Action.values(), Action::text);
    if (action == Action.PASS && tier != Tier.GUARDRAIL) {
      throw actionAt.badValue(
          "one of allow, deny, reject", "pass is for tier guardrail, this is tier " + tier);
    }
    OptionalInt order =
        fields
            .optional("order", e -> e.integer(0, Policy.ORDER_MAX))
            .map(OptionalInt::of)
            .orElse(OptionalInt.empty());
    Set<Peer> seenPeers = new HashSet<>();
    List<Peer> peers =
        fields.listNotEmpty(
            "peers",
            Rule.PEERS_MAX,
            "leave peers out to mean anyone",
            element -> Values.once(element, peer(element), seenPeers));
    Set<Service> seenServices = new HashSet<>();
    List<Service> services =
        fields.listNotEmpty(
            "services",
            Rule.SERVICES_MAX,
            "leave services out to mean everything",
            element -> Values.once(element, ServiceForm.read(element), seenServices));
    boolean log = fields.optional("log", At::bool).orElse(false);
    Optional<Stage> stage = fields.optional("stage", PolicyForm::stage);
    fields.done();
    return at.made("a rule", () -> new Rule(direction, action, order, peers, services, log, stage));
  }

  private Peer peer(At at) throws WireError {
    Fields fields = at.object();
    Optional<At> groupAt = fields.optional("group");
    Optional<At> cidrAt = fields.optional("cidr");
    if (groupAt.isPresent() == cidrAt.isPresent()) {
      throw at.badValue(
          "either group or cidr", groupAt.isPresent() ? "it has both" : "it has neither");
    }
    if (groupAt.isPresent()) {
      fields.done();
      return new Peer.Group(group(groupAt.get()));
    }
    Prefix prefix = Values.prefix(cidrAt.orElseThrow());
    List<Prefix> except =
        fields.list("except", Peer.Cidr.EXCEPTS_MAX, element -> inside(element, prefix));
    fields.done();
    return at.made("a CIDR", () -> new Peer.Cidr(prefix, except));
  }

  private static Prefix inside(At at, Prefix prefix) throws WireError {
    Prefix part = Values.prefix(at);
    if (!prefix.contains(part)) {
      throw at.badValue("a prefix inside " + prefix);
    }
    return part;
  }

  private GroupRef group(At at) throws WireError {
    if (universe.isPresent()) {
      UniverseName own = universe.get();
      return at.parsed(
          "the name of a group of universe " + own,
          text -> new GroupRef(own, Values.groupName(text)));
    }
    return at.parsed("a group with its universe, such as blue/web", GroupRef::parse);
  }

  static ObjectNode write(Policy policy) {
    ObjectNode node = Tree.object();
    node.put("kind", "Policy");
    node.put("name", policy.ref().name().value());
    node.put("tier", policy.tier().text());
    policy.ref().universe().ifPresent(u -> node.put("universe", u.value()));
    node.put("order", policy.order());
    if (policy.stage() != Stage.ENFORCE) {
      node.put("stage", policy.stage().text());
    }
    PolicyForm form = new PolicyForm(policy.ref().universe(), policy.tier());
    AppliesTo appliesTo = policy.appliesTo();
    if (!appliesTo.all()) {
      ObjectNode applies = node.putObject("appliesTo");
      if (!appliesTo.universes().isEmpty()) {
        applies.set("universes", Tree.texts(appliesTo.universes()));
      }
      if (!appliesTo.groups().isEmpty()) {
        applies.set(
            "groups", Tree.texts(appliesTo.groups().stream().map(form::groupText).toList()));
      }
    }
    node.set("rules", Tree.objects(policy.rules(), form::writeRule));
    return node;
  }

  private ObjectNode writeRule(Rule rule) {
    ObjectNode node = Tree.object();
    node.put("direction", rule.direction().text());
    node.put("action", rule.action().text());
    rule.order().ifPresent(order -> node.put("order", order));
    if (!rule.peers().isEmpty()) {
      node.set("peers", Tree.objects(rule.peers(), this::writePeer));
    }
    if (!rule.services().isEmpty()) {
      node.set("services", Tree.objects(rule.services(), ServiceForm::write));
    }
    if (rule.log()) {
      node.put("log", true);
    }
    rule.stage().ifPresent(stage -> node.put("stage", stage.text()));
    return node;
  }

  private ObjectNode writePeer(Peer peer) {
    ObjectNode node = Tree.object();
    if (peer instanceof Peer.Group member) {
      return node.put("group", groupText(member.group()));
    }
    Peer.Cidr cidr = (Peer.Cidr) peer;
    node.put("cidr", cidr.prefix().toString());
    if (!cidr.except().isEmpty()) {
      node.set("except", Tree.texts(cidr.except()));
    }
    return node;
  }

  private String groupText(GroupRef group) {
    return universe.isPresent() ? group.name().value() : group.toString();
  }
}
