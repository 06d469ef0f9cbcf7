package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;

/** One change of what a switch holds. Its text is that of an ovs-ofctl bundle file. */
public sealed interface Mod {
  /** All tables, in a deletion. */
  int TABLE_ALL = 0xff;

  /** Writes the whole message. */
  void encode(int xid, ByteBuf out);

  /** Whether a bundle may hold it; Open vSwitch takes flows and groups in bundles, not meters. */
  default boolean bundled() {
    return true;
  }

  /**
   * Reads a whole flow, group or meter mod.
   *
   * @throws OpenFlowFault when it is not one
   */
  static Mod decode(ByteBuf message) {
    return switch (Message.type(message)) {
      case Message.FLOW_MOD -> FlowMods.decode(message);
      case Message.GROUP_MOD -> GroupMods.decode(message);
      case Message.METER_MOD -> MeterEntry.decodeMod(message);
      default -> throw new OpenFlowFault("a change of type " + Message.type(message));
    };
  }

  /** Puts a flow, in place of one with the same key. */
  record FlowAdd(FlowEntry flow) implements Mod {
    @Override
    public void encode(int xid, ByteBuf out) {
      FlowMods.add(flow, xid, out);
    }

    @Override
    public String toString() {
      return "flow add " + flow;
    }
  }

  /**
   * Changes the actions and cookie of the flow with this key, if there is one; keeps its counters.
   */
  record FlowModifyStrict(FlowEntry flow) implements Mod {
    @Override
    public void encode(int xid, ByteBuf out) {
      FlowMods.modifyStrict(flow, xid, out);
    }

    @Override
    public String toString() {
      return "flow modify_strict " + flow;
    }
  }

  /** Deletes the flow with this key whose cookie agrees under the mask. */
  record FlowDeleteStrict(FlowKey key, long cookie, long cookieMask) implements Mod {
    /** Whatever its cookie. */
    public FlowDeleteStrict(FlowKey key) {
      this(key, 0, 0);
    }

    @Override
    public void encode(int xid, ByteBuf out) {
      FlowMods.deleteStrict(key, cookie, cookieMask, xid, out);
    }

    @Override
    public String toString() {
      return "flow delete_strict " + Mod.cookieText(cookie, cookieMask) + key;
    }
  }

  /** Deletes the flows of a table, or of {@link #TABLE_ALL}, that the match covers. */
  record FlowDelete(int table, Match match, long cookie, long cookieMask) implements Mod {
    @Override
    public void encode(int xid, ByteBuf out) {
      FlowMods.delete(this, xid, out);
    }

    @Override
    public String toString() {
      String tableText = table == TABLE_ALL ? "" : "table=" + table + ", ";
      return "flow delete " + Mod.cookieText(cookie, cookieMask) + tableText + match;
    }
  }

  /** Adds a group; refused when the id is taken. */
  record GroupAdd(GroupEntry group) implements Mod {
    @Override
    public void encode(int xid, ByteBuf out) {
      GroupMods.put(group, GroupMods.ADD, xid, out);
    }

    @Override
    public String toString() {
      return "group add " + group;
    }
  }

  /** Changes a group. */
  record GroupModify(GroupEntry group) implements Mod {
    @Override
    public void encode(int xid, ByteBuf out) {
      GroupMods.put(group, GroupMods.MODIFY, xid, out);
    }

    @Override
    public String toString() {
      return "group modify " + group;
    }
  }

  /** Deletes a group, and with it the flows that use it. */
  record GroupDelete(int id) implements Mod {
    @Override
    public void encode(int xid, ByteBuf out) {
      GroupMods.delete(id, xid, out);
    }

    @Override
    public String toString() {
      return "group delete group_id=" + Integer.toUnsignedString(id);
    }
  }

  /** Adds a meter; cannot be in a bundle. */
  record MeterAdd(MeterEntry meter) implements Mod {
    @Override
    public void encode(int xid, ByteBuf out) {
      meter.encodeMod(MeterEntry.ADD, xid, out);
    }

    @Override
    public boolean bundled() {
      return false;
    }

    @Override
    public String toString() {
      return "meter add " + meter;
    }
  }

  /** Changes a meter; cannot be in a bundle. */
  record MeterModify(MeterEntry meter) implements Mod {
    @Override
    public void encode(int xid, ByteBuf out) {
      meter.encodeMod(MeterEntry.MODIFY, xid, out);
    }

    @Override
    public boolean bundled() {
      return false;
    }

    @Override
    public String toString() {
      return "meter modify " + meter;
    }
  }

  /** Deletes a meter; cannot be in a bundle. */
  record MeterDelete(int id) implements Mod {
    @Override
    public void encode(int xid, ByteBuf out) {
      MeterEntry.encodeDelete(id, xid, out);
    }

    @Override
    public boolean bundled() {
      return false;
    }

    @Override
    public String toString() {
      return "meter delete meter=" + Integer.toUnsignedString(id);
    }
  }

  private static String cookieText(long cookie, long mask) {
    return mask == 0 ? "" : "cookie=" + OxmText.hex(cookie) + "/" + OxmText.hex(mask) + ", ";
  }
}
