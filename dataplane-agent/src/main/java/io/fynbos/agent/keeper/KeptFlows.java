package io.fynbos.agent.keeper;

import io.fynbos.openflow.wire.Action;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.openflow.wire.GroupEntry;
import io.fynbos.openflow.wire.Instruction;
import io.fynbos.openflow.wire.Mod;
import io.fynbos.openflow.wire.OpenFlowFault;
import io.fynbos.openflow.wire.Oxm;
import io.fynbos.openflow.wire.OxmField;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * Groups and flows as they were read from a switch, and whose each port was then.
 *
 * <p>On disk: eight bytes that name the form, the CRC-32C and the length of the rest, then the
 * ports, then one OpenFlow 1.5 message for each group and flow.
 *
 * @param owners each port's number, with what tells whether it is still the same port
 */
public record KeptFlows(
    SortedMap<Integer, String> owners, List<GroupEntry> groups, List<FlowEntry> flows) {
  /** The top byte of the cookies of the agent's own flows, which are made anew and not kept. */
  public static final int AGENT_COOKIE = 0x02;

  /** Nothing was ever applied. */
  public static final KeptFlows NONE = new KeptFlows(new TreeMap<>(), List.of(), List.of());

  private static final byte[] FORM = "fynflow1".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = 16;

  public KeptFlows {
    owners = Collections.unmodifiableSortedMap(new TreeMap<>(owners));
    groups = List.copyOf(groups);
    flows = List.copyOf(flows);
  }

  /** What is worth keeping: no flows of the agent's own, and none that would have expired. */
  public static KeptFlows of(
      SortedMap<Integer, String> owners, List<GroupEntry> groups, List<FlowStats> flows) {
    List<FlowEntry> kept = new ArrayList<>(flows.size());
    for (FlowStats stats : flows) {
      FlowEntry flow = stats.flow();
      boolean lasting = flow.idleTimeoutSeconds() == 0 && flow.hardTimeoutSeconds() == 0;
      if (lasting && flow.cookie() >>> 56 != AGENT_COOKIE) {
        kept.add(flow);
      }
    }
    return new KeptFlows(owners, groups, kept);
  }

  /** Whether there is nothing to put back. */
  public boolean isEmpty() {
    return flows.isEmpty() && groups.isEmpty();
  }

  /**
   * The changes that put it all back, groups first, without the flows of ports that are gone or
   * belong to someone else now: those must not be forwarded to or from.
   */
  public List<Mod> restoration(SortedMap<Integer, String> ownersNow) {
    Set<Integer> strangers = new TreeSet<>();
    owners.forEach(
        (port, owner) -> {
          if (!owner.equals(ownersNow.get(port))) {
            strangers.add(port);
          }
        });
    ownersNow.keySet().stream().filter(port -> !owners.containsKey(port)).forEach(strangers::add);
    List<Mod> mods = new ArrayList<>(groups.size() + flows.size());
    groups.forEach(group -> mods.add(new Mod.GroupAdd(group)));
    for (FlowEntry flow : flows) {
      if (strangers.stream().noneMatch(port -> concerns(flow, port))) {
        mods.add(new Mod.FlowAdd(flow));
      }
    }
    return mods;
  }

  private static boolean concerns(FlowEntry flow, int port) {
    if (flow.match().field(OxmField.IN_PORT).orElse(null) instanceof Oxm.Narrow in
        && in.value() == port) {
      return true;
    }
    if (flow.match().field(OxmField.REG3).orElse(null) instanceof Oxm.Narrow register
        && register.value() == port) {
      return true;
    }
    for (Instruction instruction : flow.instructions()) {
      if (instruction instanceof Instruction.ApplyActions apply
          && apply.actions().stream()
              .anyMatch(action -> action instanceof Action.Output out && out.port() == port)) {
        return true;
      }
    }
    return false;
  }

  /** The file's bytes. */
  public byte[] encode() {
    ByteBuf out = Unpooled.buffer(64 + 160 * flows.size());
    out.writeBytes(FORM).writeLong(0).writeInt(owners.size());
    for (Map.Entry<Integer, String> owner : owners.entrySet()) {
      byte[] text = owner.getValue().getBytes(StandardCharsets.UTF_8);
      out.writeInt(owner.getKey()).writeShort(text.length).writeBytes(text);
    }
    groups.forEach(group -> new Mod.GroupAdd(group).encode(0, out));
    flows.forEach(flow -> new Mod.FlowAdd(flow).encode(0, out));
    CRC32C crc = new CRC32C();
    crc.update(out.array(), HEADER_BYTES, out.writerIndex() - HEADER_BYTES);
    out.setInt(FORM.length, (int) crc.getValue());
    out.setInt(FORM.length + 4, out.writerIndex() - HEADER_BYTES);
    byte[] bytes = new byte[out.writerIndex()];
    out.readBytes(bytes);
    return bytes;
  }

  /**
   * Reads a file's bytes.
   *
   * @throws DamagedFile when they are not what was once written, to the bit
   */
  public static KeptFlows decode(byte[] bytes) throws DamagedFile {
    ByteBuf in = Unpooled.wrappedBuffer(bytes);
    if (bytes.length < HEADER_BYTES
        || !in.readSlice(FORM.length).equals(Unpooled.wrappedBuffer(FORM))) {
      throw new DamagedFile("not a file of kept flows");
    }
    int sum = in.readInt();
    int length = in.readInt();
    CRC32C crc = new CRC32C();
    crc.update(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
    if (length != bytes.length - HEADER_BYTES || sum != (int) crc.getValue()) {
      throw new DamagedFile("the checksum of %d bytes is wrong".formatted(bytes.length));
    }
    try {
      return decodeBody(in);
    } catch (OpenFlowFault | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new DamagedFile("the checksum is right but the content is not: " + e.getMessage());
    }
  }

  private static KeptFlows decodeBody(ByteBuf in) throws DamagedFile {
    SortedMap<Integer, String> owners = new TreeMap<>();
    for (int i = in.readInt(); i > 0; i--) {
      int port = in.readInt();
      owners.put(
          port, in.readCharSequence(in.readUnsignedShort(), StandardCharsets.UTF_8).toString());
    }
    List<GroupEntry> groups = new ArrayList<>();
    List<FlowEntry> flows = new ArrayList<>();
    while (in.isReadable()) {
      ByteBuf message = in.readSlice(in.getUnsignedShort(in.readerIndex() + 2));
      Mod mod = Mod.decode(message);
      if (mod instanceof Mod.GroupAdd add) {
        groups.add(add.group());
      } else if (mod instanceof Mod.FlowAdd add) {
        flows.add(add.flow());
      } else {
        throw new DamagedFile("holds " + mod);
      }
    }
    return new KeptFlows(owners, groups, flows);
  }

  /** A file that cannot be trusted. */
  public static final class DamagedFile extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedFile(String message) {
      super(message);
    }
  }
}
