package io.fynbos.controller.pipeline;

import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.Ct;
import io.fynbos.openflow.wire.CtState;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.Instruction;
import io.fynbos.openflow.wire.Match;
import io.fynbos.openflow.wire.Oxm;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A flow being written: where it stands, what it matches, what it does. {@link #end} and {@link
 * #goTo} make it. A way to a table that its own table does not declare throws.
 */
public final class Flow {
  private static final int IPV4 = 0x0800;
  private static final int IPV6 = 0x86dd;
  private static final int ARP = 0x0806;
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;
  private static final int FRAGMENT = 1;
  private static final int LATER = 2;

  /** Which address of a packet, in both families. */
  public enum Address {
    SOURCE(OxmField.IPV4_SRC, OxmField.IPV6_SRC),
    DESTINATION(OxmField.IPV4_DST, OxmField.IPV6_DST),
    /** The client's, by the connection's original tuple. */
    CLIENT(OxmField.CT_NW_SRC, OxmField.CT_IPV6_SRC),
    /** The server's, by the connection's original tuple. */
    SERVER(OxmField.CT_NW_DST, OxmField.CT_IPV6_DST);

    private final OxmField v4;
    private final OxmField v6;

    Address(OxmField v4, OxmField v6) {
      this.v4 = v4;
      this.v6 = v6;
    }

    /** The field of a prefix's family with the prefix; the prefix must not be of length nought. */
    public Oxm in(Prefix prefix) {
      return Flow.in(prefix.v6() ? v6 : v4, prefix);
    }
  }

  private static Oxm in(OxmField field, Prefix prefix) {
    IpAddress address = prefix.address();
    if (!prefix.v6()) {
      return Oxm.masked(
          field, address.low(), 0xffff_ffffL << (32 - prefix.length()) & 0xffff_ffffL);
    }
    int length = prefix.length();
    long high = length >= 64 ? -1L : -1L << (64 - length);
    long low = length <= 64 ? 0 : -1L << (128 - length);
    return Oxm.masked(field, address.high(), address.low(), high, low);
  }

  private final Table table;
  private final int priority;
  private final Cookie cookie;
  private final List<Oxm> fields = new ArrayList<>();
  private final List<Action> actions = new ArrayList<>();
  private int flagsSet;
  private int flagsMask;

  private Flow(Table table, int priority, Cookie cookie) {
    this.table = table;
    this.priority = priority;
    this.cookie = cookie;
  }

  /** Begins a flow. */
  public static Flow in(Table table, int priority, Cookie cookie) {
    return new Flow(table, priority, cookie);
  }

  /** Begins a flow of the pipeline itself. */
  public static Flow in(Table table, int priority) {
    return new Flow(table, priority, Cookie.PIPELINE);
  }

  /** A flow that sends what nothing else matches where the table's row says. */
  public static FlowEntry onMiss(Table table) {
    return in(table, 0).goTo(table.miss().orElseThrow());
  }

  // --- what it matches -------------------------------------------------------------------------

  public Flow with(Oxm field) {
    fields.add(field);
    return this;
  }

  public Flow with(Match match) {
    fields.addAll(match.fields());
    return this;
  }

  public Flow with(OxmField field, long value) {
    return with(Oxm.of(field, value));
  }

  public Flow with(OxmField field, long value, long mask) {
    return with(Oxm.masked(field, value, mask));
  }

  public Flow with(Register register, int value) {
    return with(register.field(), Integer.toUnsignedLong(value));
  }

  public Flow is(Flag... flags) {
    for (Flag flag : flags) {
      flagsSet |= flag.mask();
      flagsMask |= flag.mask();
    }
    return this;
  }

  public Flow isNot(Flag... flags) {
    for (Flag flag : flags) {
      flagsMask |= flag.mask();
    }
    return this;
  }

  public Flow inPort(int port) {
    return with(OxmField.IN_PORT, port);
  }

  public Flow arp() {
    return with(OxmField.ETH_TYPE, ARP);
  }

  public Flow ip(boolean v6) {
    return with(OxmField.ETH_TYPE, v6 ? IPV6 : IPV4);
  }

  public Flow ip(boolean v6, int protocol) {
    return ip(v6).with(OxmField.IP_PROTO, protocol);
  }

  /** ICMP or ICMPv6, by the family. */
  public Flow icmp(boolean v6) {
    return ip(v6, v6 ? ICMPV6 : ICMP);
  }

  /** ICMP or ICMPv6 of a type, by the family. */
  public Flow icmp(boolean v6, int type) {
    return icmp(v6).with(v6 ? OxmField.ICMPV6_TYPE : OxmField.ICMPV4_TYPE, type);
  }

  /** The address's field without the Ethernet type; for prefixes of length nought nothing. */
  public Flow address(Address which, Prefix prefix) {
    return prefix.length() == 0 ? this : with(which.in(prefix));
  }

  public Flow address(Address which, IpAddress address) {
    return with(which.in(Prefix.of(address)));
  }

  /** An address field of the prefix's family; for prefixes of length nought nothing. */
  public Flow within(OxmField field, Prefix prefix) {
    return prefix.length() == 0 ? this : with(in(field, prefix));
  }

  /** Not a fragment. */
  public Flow whole() {
    return with(OxmField.IP_FRAG, 0);
  }

  /** A fragment, the first or a later one. */
  public Flow fragment() {
    return with(OxmField.IP_FRAG, FRAGMENT, FRAGMENT);
  }

  /** A fragment that is not the first. */
  public Flow laterFragment() {
    return with(OxmField.IP_FRAG, FRAGMENT | LATER);
  }

  /** Tracked, with the bits of {@link CtState} that are set and those that are not. */
  public Flow ct(int set, int notSet) {
    return with(OxmField.CT_STATE, CtState.TRK | set, CtState.TRK | set | notSet);
  }

  public Flow ct(int set) {
    return ct(set, 0);
  }

  // --- what it does ----------------------------------------------------------------------------

  public Flow then(Action... more) {
    for (Action action : more) {
      check(action);
      actions.add(action);
    }
    return this;
  }

  public Flow then(List<? extends Action> more) {
    return then(more.toArray(Action[]::new));
  }

  public Flow set(OxmField field, Mac mac) {
    return then(Action.set(field, mac.value()));
  }

  /** Looks it up in the universe's zone and goes on in a table. */
  public Flow track(Table on) {
    return then(Ct.lookup(Register.UNIVERSE.low(16), on.id()));
  }

  /** Commits it in the universe's zone, with what is to be kept there, and goes on in a table. */
  public Flow commit(Table on, Action... kept) {
    Ct.Zone zone = new Ct.Zone.Field(Register.UNIVERSE.low(16));
    return then(new Ct(Ct.COMMIT, zone, OptionalInt.of(on.id()), 0, List.of(kept)));
  }

  /** Through a table and back. */
  public Flow through(Table other) {
    return then(Action.resubmit(other.id()));
  }

  /** The flow, which goes on in a table. */
  public FlowEntry goTo(Table other) {
    declared(other.id());
    return make(Instruction.gotoTable(other.id()));
  }

  /** The flow, which ends with its actions; without actions it drops. */
  public FlowEntry end() {
    return make();
  }

  private FlowEntry make(Instruction... last) {
    if (flagsMask != 0) {
      fields.add(Oxm.masked(Register.FLAGS.field(), flagsSet, flagsMask));
    }
    List<Instruction> instructions = new ArrayList<>(2);
    if (!actions.isEmpty()) {
      instructions.add(new Instruction.ApplyActions(actions));
    }
    instructions.addAll(List.of(last));
    return FlowEntry.of(table.id(), priority, new Match(fields), cookie.value(), instructions);
  }

  private void check(Action action) {
    if (action instanceof Action.Resubmit resubmit) {
      declared(resubmit.table().orElse(table.id()));
    } else if (action instanceof Ct ct && ct.table().isPresent()) {
      declared(ct.table().getAsInt());
    }
  }

  private void declared(int number) {
    if (Table.of(number).filter(table::leadsTo).isEmpty()) {
      throw new IllegalArgumentException(
          "table %s does not lead to %s: %s"
              .formatted(table.text(), number, Table.of(number).map(Table::text).orElse("none")));
    }
  }
}
