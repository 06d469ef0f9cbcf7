package io.fynbos.openflow.session;

import io.fynbos.openflow.wire.Message;
import io.fynbos.openflow.wire.OpenFlowFault;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** Cuts the stream into messages by their length field; 64 KiB is the longest there can be. */
final class FrameDecoder extends ByteToMessageDecoder {
  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < Message.HEADER_BYTES) {
      return;
    }
    int length = in.getUnsignedShort(in.readerIndex() + 2);
    if (length < Message.HEADER_BYTES) {
      // Nothing after this can be found: a wrong length loses the start of every later message.
      in.skipBytes(in.readableBytes());
      throw new OpenFlowFault("a message says it has " + length + " bytes");
    }
    if (in.readableBytes() >= length) {
      out.add(in.readRetainedSlice(length));
    }
  }
}
