package io.fynbos.agent.neighbour;

import io.fynbos.policy.model.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** An empty datagram to the discard port (RFC 863): the kernel resolves the address to send it. */
public final class UdpProbe implements Neighbours.Probe, AutoCloseable {
  private static final int DISCARD = 9;

  private final DatagramChannel channel;

  /** Opens the socket it sends from. */
  public UdpProbe() throws IOException {
    channel = DatagramChannel.open(StandardProtocolFamily.INET);
    channel.configureBlocking(false);
  }

  @Override
  public void send(IpAddress address) {
    try {
      InetAddress to = InetAddress.getByAddress(address.toBytes());
      channel.send(ByteBuffer.allocate(0), new InetSocketAddress(to, DISCARD));
    } catch (IOException noRouteYet) {
      return;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
