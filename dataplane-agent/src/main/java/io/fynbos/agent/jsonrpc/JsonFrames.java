package io.fynbos.agent.jsonrpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import java.util.List;

/** Cuts the incoming stream into byte arrays that each hold one JSON object. */
final class JsonFrames extends ByteToMessageDecoder {
  private final JsonScanner scanner;

  /** How many bytes after the reader index the scanner has already seen. */
  private int scanned;

  private boolean broken;

  JsonFrames(JsonScanner scanner) {
    this.scanner = scanner;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (broken) {
      in.skipBytes(in.readableBytes());
      return;
    }
    try {
      scan(in, out);
    } catch (JsonRpcException e) {
      broken = true;
      throw new DecoderException(e);
    }
  }

  private void scan(ByteBuf in, List<Object> out) throws JsonRpcException {
    while (scanned < in.readableBytes()) {
      boolean complete = scanner.completes(in.getByte(in.readerIndex() + scanned));
      scanned++;
      if (complete) {
        byte[] frame = new byte[scanned];
        in.readBytes(frame);
        scanned = 0;
        out.add(frame);
        return;
      }
      if (!scanner.inFrame()) {
        in.skipBytes(scanned);
        scanned = 0;
      }
    }
  }
}
