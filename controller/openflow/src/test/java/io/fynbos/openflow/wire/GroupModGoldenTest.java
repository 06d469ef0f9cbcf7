package io.fynbos.openflow.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Group mods as ovs-ofctl 3.1.0 sends them, in {@code groups.txt} and {@code groups.hex}. */
class GroupModGoldenTest {
  private final List<String> texts = Hex.lines("groups.txt");
  private final List<String> bytes = Hex.lines("groups.hex");

  private List<GroupEntry> groups() {
    return bytes.stream().map(hex -> ((Mod.GroupAdd) Mod.decode(Hex.bytes(hex))).group()).toList();
  }

  @Test
  void theirBytesReadAsTheirText() {
    assertThat(groups()).extracting(GroupEntry::toString).containsExactlyElementsOf(texts);
  }

  @Test
  void ourBytesAreTheirs() {
    List<String> ours = new ArrayList<>();
    for (GroupEntry group : groups()) {
      ours.add(Hex.of(out -> new Mod.GroupAdd(group).encode(2, out)));
    }
    assertThat(Ofctl.print(ours)).containsExactlyElementsOf(Ofctl.print(bytes));
    assertThat(ours.stream().map(hex -> hex.substring(16)))
        .containsExactlyElementsOf(bytes.stream().map(hex -> hex.substring(16)).toList());
  }

  @Test
  void aPropertyNobodyKnowsComesBackAsItCame() {
    GroupEntry group =
        new GroupEntry(
            9,
            GroupEntry.Type.ALL,
            List.of(
                new Bucket(
                    1,
                    0,
                    Ports.ANY,
                    Ports.ANY,
                    List.of(),
                    List.of(Octets.parse("ffff000c0000123400000000ab000000".substring(0, 32))))),
            Optional.empty(),
            List.of(Octets.parse("00070005ff000000")));
    ByteBuf out = Unpooled.buffer();
    new Mod.GroupModify(group).encode(1, out);
    assertThat(Mod.decode(out)).isEqualTo(new Mod.GroupModify(group));
  }
}
