package io.fynbos.openflow.session;

import io.netty.buffer.ByteBuf;

/** A request whose answer only has to come. */
final class Acknowledgement extends Request<Void> {
  Acknowledgement(String what) {
    super(what);
  }

  @Override
  boolean answer(ByteBuf message) {
    return true;
  }

  @Override
  void finish() {
    future().complete(null);
  }
}
