package io.fynbos.agent.support;

import static io.fynbos.agent.support.Threads.await;

import io.fynbos.agent.Agent;
import io.fynbos.agent.Settings;
import io.fynbos.agent.jsonrpc.PeerAddress;
import io.fynbos.openflow.session.SwitchSession;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A host with a real switch and a whole agent, and its controller. */
public final class AgentHost implements AutoCloseable {
  /** The most packets that a dummy device takes at once. */
  private static final int PACKETS_MAX = 100;

  private final ControllerPeer controller = new ControllerPeer();
  private final PrivateOvs ovs = PrivateOvs.create();
  private Optional<Agent> agent = Optional.empty();

  /** Starts all of it, and waits until they know of each other. */
  public AgentHost start() {
    ovs.startDatabase().startSwitch();
    controller.start();
    startAgent();
    await(() -> controller.session().isPresent() && controller.listeners() > 0);
    return this;
  }

  public ControllerPeer controller() {
    return controller;
  }

  public PrivateOvs ovs() {
    return ovs;
  }

  /** The controller's session with the switch. */
  public SwitchSession session() {
    return controller.session().orElseThrow();
  }

  /** The agent's directory. */
  public Path data() {
    return ovs.directory().resolve("agent");
  }

  /** Starts the agent, unless it runs. */
  public void startAgent() {
    if (agent.isPresent()) {
      return;
    }
    try {
      Agent started =
          new Agent(
              new Settings(
                  new HostName("h1"),
                  IpAddress.parse("127.0.0.1"),
                  controller.api(),
                  controller.openFlowTarget(),
                  new PeerAddress.Unix(ovs.databaseSocket()),
                  ovs.directory(),
                  data(),
                  "br-phy",
                  "dummy"));
      agent = Optional.of(started);
      started.start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops the agent. */
  public void stopAgent() {
    agent.ifPresent(Agent::close);
    agent = Optional.empty();
  }

  /** Attaches a guest's interface, waits until the controller hears of it, and gives its port. */
  public int plug(String port, String endpoint) {
    String ofport = attach(port, endpoint);
    await(() -> controller.bound().contains(endpoint + "=" + ofport));
    return Integer.parseInt(ofport);
  }

  /** Attaches a guest's interface and gives its port, whoever else is there. */
  public String attach(String port, String endpoint) {
    ovs.vsctl(
        "add-port",
        "br-int",
        port,
        "--",
        "set",
        "interface",
        port,
        "type=dummy",
        "external_ids:iface-id=" + endpoint,
        "external_ids:attached-mac=\"02:00:00:00:00:01\"");
    await(() -> !ofport(port).equals("[]"));
    return ofport(port);
  }

  /** The number of a port; {@code []} while it has none. */
  public String ofport(String port) {
    return ovs.vsctl("get", "interface", port, "ofport").strip();
  }

  /** Lets a guest send a frame so many times; a frame in hexadecimal, or a datapath flow. */
  public void receive(String port, String frame, int times) {
    for (int left = times; left > 0; left -= PACKETS_MAX) {
      List<String> words = new ArrayList<>(List.of("netdev-dummy/receive", port));
      for (int i = Math.min(left, PACKETS_MAX); i > 0; i--) {
        words.add(frame);
      }
      ovs.appctl(words.toArray(String[]::new));
    }
  }

  @Override
  public void close() {
    stopAgent();
    controller.close();
    ovs.close();
  }
}
