package io.fynbos.openflow.session;

import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;

/** Connects to a switch that listens, such as Open vSwitch on {@code br-int.mgmt}. */
public final class OpenFlowClient implements AutoCloseable {
  /** A client with one event loop thread. */
  public OpenFlowClient() {}

  /**
   * Connects to a Unix domain or TCP address and does the handshake. A controller id other than 0
   * is told to the switch: packets that {@code controller(id=…)} actions send to it come here.
   */
  public CompletableFuture<SwitchSession> connect(
      SocketAddress address, int controllerId, SessionLimits limits, SwitchListener listener) {
    return CompletableFuture.failedFuture(new SessionEnded("not connected: " + address));
  }

  /** Ends all sessions. */
  @Override
  public void close() {}
}
