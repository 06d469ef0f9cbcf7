package io.fynbos.openflow.session;

import java.net.InetSocketAddress;
import java.util.Optional;

/** Listens for switches, over TCP or TLS. */
public final class OpenFlowServer implements AutoCloseable {
  private final InetSocketAddress address;

  private OpenFlowServer(InetSocketAddress address) {
    this.address = address;
  }

  /**
   * Listens. Port 0 takes any free one, see {@link #address}.
   *
   * @throws java.io.UncheckedIOException when the address cannot be bound or a TLS file not be read
   */
  public static OpenFlowServer listen(
      InetSocketAddress address,
      Optional<TlsFiles> tls,
      SessionLimits limits,
      SwitchListener listener) {
    return new OpenFlowServer(address);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return address;
  }

  /** Ends all sessions and stops listening. */
  @Override
  public void close() {}
}
