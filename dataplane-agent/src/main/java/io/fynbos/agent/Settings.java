package io.fynbos.agent;

import io.fynbos.agent.jsonrpc.PeerAddress;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an agent is told when it starts.
 *
 * @param underlay this host's tunnel address
 * @param openFlow where the switch finds its controller, as Open vSwitch writes it
 * @param runDirectory where the switch has its sockets
 * @param data where the agent keeps its files
 * @param underlayBridge the bridge that tunnels leave by, when the switch runs in userspace
 * @param datapathType {@code system} or {@code netdev}
 */
public record Settings(
    HostName host,
    IpAddress underlay,
    URI controllerApi,
    String openFlow,
    PeerAddress database,
    Path runDirectory,
    Path data,
    String underlayBridge,
    String datapathType) {
  /** The third is Open vSwitch's own for tests. */
  private static final Set<String> DATAPATHS = Set.of("system", "netdev", "dummy");

  private static final Pattern OPENFLOW =
      Pattern.compile("(tcp|ssl):(\\d+\\.\\d+\\.\\d+\\.\\d+|\\[[0-9a-f:.]+]):\\d{1,5}");

  public Settings {
    if (underlay.v6()) {
      throw new IllegalArgumentException("--underlay: tunnels run over IPv4, not " + underlay);
    }
    boolean http = "http".equals(controllerApi.getScheme());
    if ((!http && !"https".equals(controllerApi.getScheme())) || controllerApi.getHost() == null) {
      throw new IllegalArgumentException(
          "--controller-api: expected http://HOST:PORT, found '" + controllerApi + "'");
    }
    if (!OPENFLOW.matcher(openFlow).matches()) {
      throw new IllegalArgumentException(
          "--openflow: expected tcp:IP:PORT or ssl:IP:PORT, found '" + openFlow + "'");
    }
    if (!DATAPATHS.contains(datapathType)) {
      throw new IllegalArgumentException(
          "--datapath-type: expected system or netdev, found '" + datapathType + "'");
    }
  }
}
