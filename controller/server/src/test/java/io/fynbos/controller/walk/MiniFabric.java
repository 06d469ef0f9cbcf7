package io.fynbos.controller.walk;

import io.fynbos.controller.compile.EdgeCompiler;
import io.fynbos.controller.pipeline.Router;
import io.fynbos.controller.pipeline.Table;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.OxmField;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.Host;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Service;
import io.fynbos.policy.verdict.End;
import io.fynbos.policy.verdict.Packet;
import io.fynbos.policy.verdict.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every host of an image in miniature, with its tables and its connection tracking. */
final class MiniFabric {
  static final int SYN = 0x002;
  static final int ACK = 0x010;

  private static final List<OxmField> HEADERS =
      List.of(
          OxmField.ETH_SRC,
          OxmField.ETH_DST,
          OxmField.ETH_TYPE,
          OxmField.IP_PROTO,
          OxmField.IP_TTL,
          OxmField.IP_FRAG,
          OxmField.IPV4_SRC,
          OxmField.IPV4_DST,
          OxmField.IPV6_SRC,
          OxmField.IPV6_DST,
          OxmField.TCP_SRC,
          OxmField.TCP_DST,
          OxmField.TCP_FLAGS,
          OxmField.UDP_SRC,
          OxmField.UDP_DST,
          OxmField.SCTP_SRC,
          OxmField.SCTP_DST,
          OxmField.ICMPV4_TYPE,
          OxmField.ICMPV4_CODE,
          OxmField.ICMPV6_TYPE,
          OxmField.ICMPV6_CODE);

  private final Map<HostName, Tracker> trackers = new HashMap<>();
  private final Map<HostName, Map<Integer, List<FlowEntry>>> tables = new HashMap<>();
  private Image image = Image.EMPTY;

  /** A packet's way through one host, and how it came in there. */
  record Hop(HostName host, Fields packet, Walk walk) {
    @Override
    public String toString() {
      return host + " " + walk.visited();
    }
  }

  /** What became of a packet. */
  record Journey(Optional<EndpointRef> arrived, Fields last, List<Hop> hops) {
    boolean passedBy(Table table) {
      return hops.stream().anyMatch(hop -> hop.walk().visited().contains(table.id()));
    }
  }

  MiniFabric(Image image) {
    become(image);
  }

  /** Gives every host the tables of an image; what is tracked stays. */
  void become(Image next) {
    image = next;
    tables.clear();
    EdgeCompiler.full(next)
        .forEach((host, wanted) -> tables.put(host, Walk.tables(wanted.sorted())));
  }

  /** Forgets all connections, as switches do that restart. */
  void forgetConnections() {
    trackers.values().forEach(Tracker::flush);
  }

  /** The port of the packet's sender, if it has one. */
  Optional<Binding> senderOf(Packet packet) {
    return packet.from() instanceof End.OfEndpoint end ? port(end.ref()) : Optional.empty();
  }

  private Optional<Binding> port(EndpointRef ref) {
    return image.bindingOf(ref).filter(binding -> tables.containsKey(binding.host()));
  }

  /** Whether an endpoint is attached to a host that the image has. */
  boolean attached(EndpointRef ref) {
    return port(ref).isPresent();
  }

  /** The host that an endpoint is attached to, if it is. */
  Optional<HostName> hostOf(End end) {
    return end instanceof End.OfEndpoint known
        ? port(known.ref()).map(Binding::host)
        : Optional.empty();
  }

  /** Whether both ends of the packet are. */
  boolean attached(Packet packet) {
    return senderOf(packet).isPresent()
        && packet.to() instanceof End.OfEndpoint end
        && attached(end.ref());
  }

  /** Sends a packet from its sender's port. */
  Journey send(Packet packet, int tcpFlags) {
    Binding sender = senderOf(packet).orElseThrow();
    EndpointRef ref = ((End.OfEndpoint) packet.from()).ref();
    Endpoint endpoint = image.endpoint(ref).orElseThrow();
    return send(sender.host(), sender.ofport(), headers(packet, endpoint, tcpFlags));
  }

  /** Sends a packet into a port of a host. */
  Journey send(HostName host, int port, Fields headers) {
    Fields packet = headers.copy().put(OxmField.IN_PORT, port);
    List<Hop> hops = new ArrayList<>();
    HostName at = host;
    while (true) {
      Walk walk =
          new Walk(
              tables.getOrDefault(at, Map.of()),
              trackers.computeIfAbsent(at, name -> new Tracker()),
              packet);
      hops.add(new Hop(at, packet, walk));
      if (walk.sent().isEmpty()) {
        return new Journey(Optional.empty(), packet, hops);
      }
      Walk.Sent sent = walk.sent().get(0);
      if (sent.port() != Router.TUNNEL_PORT) {
        return new Journey(endpointAt(at, sent.port()), sent.packet(), hops);
      }
      packet = emerge(at, sent.packet());
      at = hostAt(sent.packet());
    }
  }

  private HostName hostAt(Fields packet) {
    IpAddress underlay = IpAddress.v4(packet.value(OxmField.TUN_DST).longValueExact());
    return image.hostAt(underlay).map(Host::name).orElseThrow();
  }

  /** What comes out at the other end of a tunnel: headers and key, but no registers. */
  private Fields emerge(HostName from, Fields packet) {
    Fields out = new Fields();
    HEADERS.forEach(field -> out.put(field, packet.value(field)));
    return out.put(OxmField.IN_PORT, Router.TUNNEL_PORT)
        .put(OxmField.TUN_ID, packet.value(OxmField.TUN_ID))
        .put(OxmField.TUN_SRC, image.host(from).orElseThrow().underlay().low());
  }

  private Optional<EndpointRef> endpointAt(HostName host, int port) {
    return image.bindingsOn(host).stream()
        .filter(binding -> binding.ofport() == port)
        .map(Binding::endpoint)
        .findFirst();
  }

  static Fields headers(Packet packet, Endpoint sender, int tcpFlags) {
    IpAddress source = packet.from().address();
    IpAddress destination = packet.to().address();
    Fields fields =
        new Fields()
            .put(OxmField.ETH_SRC, sender.mac().value())
            .put(OxmField.ETH_DST, Router.MAC.value())
            .put(OxmField.ETH_TYPE, source.v6() ? 0x86dd : 0x0800)
            .put(OxmField.IP_PROTO, packet.transport().protocol())
            .put(OxmField.IP_TTL, 64)
            .put(
                source.v6() ? OxmField.IPV6_SRC : OxmField.IPV4_SRC,
                Fields.join(source.high(), source.low()))
            .put(
                source.v6() ? OxmField.IPV6_DST : OxmField.IPV4_DST,
                Fields.join(destination.high(), destination.low()));
    if (packet.transport() instanceof Transport.Ports ports) {
      switch (ports.protocol()) {
        case Service.TCP ->
            fields
                .put(OxmField.TCP_SRC, ports.source())
                .put(OxmField.TCP_DST, ports.destination())
                .put(OxmField.TCP_FLAGS, tcpFlags);
        case Service.UDP ->
            fields.put(OxmField.UDP_SRC, ports.source()).put(OxmField.UDP_DST, ports.destination());
        default ->
            fields
                .put(OxmField.SCTP_SRC, ports.source())
                .put(OxmField.SCTP_DST, ports.destination());
      }
    } else if (packet.transport() instanceof Transport.Icmp icmp) {
      boolean v6 = icmp.protocol() == Service.ICMPV6;
      fields.put(v6 ? OxmField.ICMPV6_TYPE : OxmField.ICMPV4_TYPE, icmp.type());
      fields.put(v6 ? OxmField.ICMPV6_CODE : OxmField.ICMPV4_CODE, icmp.code());
    }
    return fields;
  }
}
