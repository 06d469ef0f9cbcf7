package io.fynbos.openflow.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Every decoder over messages with bytes changed, cut, repeated and lengths that lie: nothing but
 * an {@link OpenFlowFault} may come out, and what was read must be read again from what it is
 * written as.
 */
class DecoderFuzzTest {
  private static final long SEED = Long.getLong("fuzz.seed", 20_240_607L);
  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 20_000);

  private final Random random = new Random(SEED);

  private List<byte[]> mods() {
    List<byte[]> messages = new ArrayList<>();
    for (String file : List.of("flows.hex", "groups.hex")) {
      Hex.lines(file).forEach(hex -> messages.add(ByteBufUtil.decodeHexDump(hex)));
    }
    messages.add(
        bytes(out -> new Mod.MeterAdd(MeterEntry.packetsPerSecond(1, 2, 3)).encode(4, out)));
    return messages;
  }

  private static byte[] bytes(Consumer<ByteBuf> encoder) {
    ByteBuf out = Unpooled.buffer();
    encoder.accept(out);
    return ByteBufUtil.getBytes(out);
  }

  private byte[] mutated(byte[] message) {
    byte[] bytes = message.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = 0;
        case 3 -> bytes[at] = (byte) 0xff;
        default -> {
          int length = random.nextInt(Math.min(16, bytes.length - at)) + 1;
          System.arraycopy(bytes, at, bytes, random.nextInt(bytes.length - length + 1), length);
        }
      }
    }
    if (random.nextInt(8) == 0) {
      bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length) + 1);
    }
    if (random.nextBoolean() && bytes.length >= 4) {
      // Mostly a length that is right, so that what is inside is reached.
      bytes[2] = (byte) (bytes.length >> 8);
      bytes[3] = (byte) bytes.length;
    }
    return bytes;
  }

  private void fuzz(List<byte[]> seeds, Consumer<ByteBuf> decoder) {
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = mutated(seeds.get(random.nextInt(seeds.size())));
      if (bytes.length < Message.HEADER_BYTES) {
        continue; // the frame decoder lets no such message through
      }
      try {
        decoder.accept(Unpooled.wrappedBuffer(bytes));
      } catch (OpenFlowFault expected) {
        assertThat(expected).hasMessageMatching("(?s).+");
      } catch (RuntimeException | StackOverflowError wrong) {
        fail("seed %d round %d: %s".formatted(SEED, round, ByteBufUtil.hexDump(bytes)), wrong);
      }
    }
  }

  @Test
  void changes() {
    fuzz(
        mods(),
        in -> {
          Mod mod = Mod.decode(in);
          assertThat(mod.toString()).isNotEmpty();
          ByteBuf again = Unpooled.buffer();
          mod.encode(1, again);
          assertThat(Mod.decode(again)).isEqualTo(mod);
        });
  }

  @Test
  void bundledChanges() {
    List<byte[]> seeds = new ArrayList<>();
    for (byte[] message : mods()) {
      Mod mod = Mod.decode(Unpooled.wrappedBuffer(message));
      seeds.add(bytes(out -> Bundles.add(1, 3, mod, 5, out)));
    }
    fuzz(seeds, Bundles::decode);
  }

  @Test
  void flowAnswers() {
    List<FlowStats> flows =
        Hex.lines("flows.hex").stream()
            .map(hex -> ((Mod.FlowAdd) Mod.decode(Hex.bytes(hex))).flow())
            .map(flow -> new FlowStats(flow, 1, 2, Duration.ofSeconds(3), Duration.ofMillis(4)))
            .toList();
    byte[] whole = bytes(out -> FlowStats.encodeReply(flows, false, 1, out));
    List<FlowStats> back = new ArrayList<>();
    FlowStats.decodeReply(Unpooled.wrappedBuffer(whole), back);
    assertThat(back).containsExactlyElementsOf(flows);
    List<byte[]> seeds = new ArrayList<>(List.of(whole));
    for (FlowStats stats : flows) {
      seeds.add(bytes(out -> FlowStats.encodeReply(List.of(stats), true, 1, out)));
    }
    fuzz(seeds, in -> FlowStats.decodeReply(in, new ArrayList<>()));
  }

  @Test
  void groupAnswers() {
    List<GroupEntry> groups =
        Hex.lines("groups.hex").stream()
            .map(hex -> ((Mod.GroupAdd) Mod.decode(Hex.bytes(hex))).group())
            .toList();
    byte[] whole = bytes(out -> GroupEntry.encodeReply(groups, false, 1, out));
    List<GroupEntry> back = new ArrayList<>();
    GroupEntry.decodeReply(Unpooled.wrappedBuffer(whole), back);
    assertThat(back).containsExactlyElementsOf(groups);
    fuzz(List.of(whole), in -> GroupEntry.decodeReply(in, new ArrayList<>()));
  }

  @Test
  void meterAnswers() {
    byte[] meters =
        Hex.bytes(
                "0613002800000001000a0000000000000018000600000009000100100000006400000014"
                    + "00000000")
            .array();
    fuzz(List.of(meters), in -> MeterEntry.decodeReply(in, new ArrayList<>()));
  }

  @Test
  void meterStatistics() {
    List<MeterStats> meters =
        List.of(
            new MeterStats(63, 7_000, 900_000, List.of(new MeterStats.Band(40, 5_000))),
            new MeterStats(9, 1, 60, List.of()));
    byte[] whole = bytes(out -> MeterStats.encodeReply(meters, false, 1, out));
    List<MeterStats> back = new ArrayList<>();
    MeterStats.decodeReply(Unpooled.wrappedBuffer(whole), back);
    assertThat(back).containsExactlyElementsOf(meters);
    fuzz(List.of(whole), in -> MeterStats.decodeReply(in, new ArrayList<>()));
  }

  @Test
  void packets() {
    PacketIn packet =
        new PacketIn(
            Reason.ACTION,
            60,
            7,
            Match.builder().inPort(3).reg(0, 5).with(OxmField.TUN_ID, 9).build(),
            Octets.parse("010203"),
            99,
            Octets.parse("aabbccdd"));
    byte[] extended = bytes(out -> packet.encodeExtended(3, out));
    assertThat(PacketIn.extended(Unpooled.wrappedBuffer(extended))).isTrue();
    assertThat(PacketIn.decodeExtended(Unpooled.wrappedBuffer(extended))).isEqualTo(packet);
    fuzz(List.of(extended), PacketIn::decodeExtended);
    byte[] plain =
        Hex.bytes(
                "060a003000000000ffffffff000401050000000000000007"
                    + "0001000c800000040000000300000000"
                    + "0000aabbccdd0000")
            .array();
    assertThat(PacketIn.decode(Unpooled.wrappedBuffer(plain)).inPort()).isEqualTo(3);
    fuzz(List.of(plain), PacketIn::decode);
  }

  @Test
  void packetsOut() {
    PacketOut packet =
        new PacketOut(
            Match.builder().inPort(Ports.CONTROLLER).reg(1, 2).build(),
            List.of(Action.output(1), Action.resubmit(3)),
            Octets.parse("aabb"));
    byte[] bytes = bytes(out -> packet.encode(3, out));
    assertThat(PacketOut.decode(Unpooled.wrappedBuffer(bytes))).isEqualTo(packet);
    fuzz(List.of(bytes), PacketOut::decode);
  }

  @Test
  void ports() {
    PortStatus status =
        new PortStatus(
            PortStatus.Change.ADDED, new PortDescription(5, "p5", 0x020000000005L, true, false));
    byte[] bytes = bytes(out -> status.encode(1, out));
    assertThat(PortStatus.decode(Unpooled.wrappedBuffer(bytes))).isEqualTo(status);
    fuzz(List.of(bytes), PortStatus::decode);
    byte[] answer =
        bytes(
            out -> {
              int start =
                  Message.beginMultipart(out, Message.MULTIPART_REPLY, 1, Message.PORT_DESC, false);
              status.port().encode(out);
              status.port().encode(out);
              Message.end(out, start);
            });
    List<PortDescription> ports = new ArrayList<>();
    PortDescription.decodeReply(Unpooled.wrappedBuffer(answer), ports);
    assertThat(ports).containsExactly(status.port(), status.port());
    fuzz(List.of(answer), in -> PortDescription.decodeReply(in, new ArrayList<>()));
  }

  @Test
  void errors() {
    OpenFlowError error = new OpenFlowError(4, 9, Octets.parse("0102"));
    byte[] bytes = bytes(out -> error.encode(3, out));
    assertThat(OpenFlowError.decode(Unpooled.wrappedBuffer(bytes))).isEqualTo(error);
    fuzz(List.of(bytes), OpenFlowError::decode);
  }

  @Test
  void actionsWithinActionsAreBounded() {
    Action action = Action.output(1);
    for (int depth = 0; depth < 2_000; depth++) {
      action = new Action.Clone(List.of(action));
    }
    Action deep = action;
    FlowEntry flow = FlowEntry.of(0, 1, Match.ANY, 0, Instruction.apply(deep));
    byte[] bytes = bytes(out -> new Mod.FlowAdd(flow).encode(1, out));
    Mod mod = Mod.decode(Unpooled.wrappedBuffer(bytes));
    assertThat(bytes(out -> mod.encode(1, out))).isEqualTo(bytes);
    assertThat(mod.toString()).contains("unknown(");
  }
}
