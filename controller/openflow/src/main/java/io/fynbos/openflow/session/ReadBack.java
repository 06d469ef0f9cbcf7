package io.fynbos.openflow.session;

import io.fynbos.openflow.wire.Message;
import io.fynbos.openflow.wire.OpenFlowFault;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** A multipart request: each part is decoded as it comes, and all parts together are bounded. */
final class ReadBack<T> extends Request<List<T>> {
  private final long bytesMax;
  private final BiConsumer<ByteBuf, List<T>> decode;
  private final List<T> items = new ArrayList<>();
  private long bytes;

  ReadBack(String what, long bytesMax, BiConsumer<ByteBuf, List<T>> decode) {
    super(what);
    this.bytesMax = bytesMax;
    this.decode = decode;
  }

  @Override
  boolean answer(ByteBuf message) {
    bytes += message.readableBytes();
    if (bytes > bytesMax) {
      throw new OpenFlowFault("an answer of more than " + bytesMax + " bytes");
    }
    boolean more = Message.more(message);
    decode.accept(message, items);
    return !more;
  }

  @Override
  void finish() {
    future().complete(items);
  }
}
