package io.fynbos.openflow.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Lists of actions on the wire and as text. */
final class Actions {
  private Actions() {}

  static String text(List<Action> actions, String before, String after) {
    return actions.stream().map(Action::toString).collect(Collectors.joining(",", before, after));
  }

  static void encode(List<Action> actions, ByteBuf out) {
    for (int i = 0; i < actions.size(); i++) {
      actions.get(i).encode(out);
    }
  }

  /** Reads actions up to an index. */
  static List<Action> decode(ByteBuf in, int end) {
    return decode(in, end, 0);
  }

  static List<Action> decode(ByteBuf in, int end, int depth) {
    if (in.readerIndex() == end) {
      return List.of();
    }
    List<Action> actions = new ArrayList<>(4);
    while (in.readerIndex() < end) {
      actions.add(ActionDecoder.decode(in, end, depth));
    }
    return actions;
  }
}
