package io.fynbos.agent.neighbour;

import static io.fynbos.agent.support.Threads.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.agent.neighbour.NeighbourTables.Entry;
import io.fynbos.agent.neighbour.NeighbourTables.NextHop;
import io.fynbos.agent.support.PrivateOvs;
import io.fynbos.agent.support.Threads;
import io.fynbos.agent.unixctl.ControlSocket;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeighboursTest {
  private static final IpAddress PEER = IpAddress.parse("172.31.0.2");
  private static final String HEADING =
      "IP address       HW type     Flags       HW address            Mask     Device\n";

  @Test
  void theKernelsTableIsReadWithoutWhatIsIncomplete() {
    List<String> lines =
        List.of(
            HEADING.strip(),
            "172.31.0.2       0x1         0x2         ea:f0:86:61:87:43     *        br-phy",
            "172.31.0.3       0x1         0x0         00:00:00:00:00:00     *        br-phy",
            "nonsense");
    assertThat(NeighbourTables.kernel(lines))
        .containsExactly(new Entry(PEER, Mac.parse("ea:f0:86:61:87:43"), "br-phy"));
  }

  @Test
  void theSwitchsTableIsRead() {
    String text =
        """
        IP                                            MAC                 Bridge
        ==========================================================================
        172.31.0.2                                    be:5a:ca:43:8f:72   br-phy
        """;
    assertThat(NeighbourTables.ofSwitch(text))
        .containsExactly(new Entry(PEER, Mac.parse("be:5a:ca:43:8f:72"), "br-phy"));
  }

  @Test
  void aRouteNamesItsGatewayOrTheDestinationItself() {
    assertThat(NeighbourTables.route(PEER, "src 172.31.0.1\ngateway ::\ndev br-phy\n"))
        .contains(new NextHop(PEER, "br-phy"));
    assertThat(NeighbourTables.route(PEER, "src 1.2.3.4\ngateway 172.31.0.254\ndev br-phy\n"))
        .contains(new NextHop(IpAddress.parse("172.31.0.254"), "br-phy"));
    assertThat(NeighbourTables.route(PEER, "src 1.2.3.4\ngateway ::ffff:172.31.0.254\ndev x\n"))
        .contains(new NextHop(IpAddress.parse("172.31.0.254"), "x"));
    assertThat(NeighbourTables.route(PEER, "")).isEmpty();
  }

  @Test
  void whatTheKernelResolvedIsGivenToTheSwitchAndAgainToTheNextOne(@TempDir Path directory)
      throws IOException {
    Path kernel = directory.resolve("arp");
    Files.writeString(kernel, HEADING);
    try (PrivateOvs ovs = PrivateOvs.create().startDatabase();
        Threads threads = new Threads()) {
      ovs.vsctl("add-br", "br-phy", "--", "set", "bridge", "br-phy", "datapath_type=dummy");
      ovs.startSwitch();
      await(() -> ovs.answers("ofproto/list"));
      ControlSocket control =
          new ControlSocket(threads.loop(), ovs.directory(), "ovs-vswitchd", threads.events());
      List<IpAddress> probed = new CopyOnWriteArrayList<>();
      Neighbours neighbours =
          new Neighbours(control, threads.events(), probed::add, true, "br-phy", kernel);
      threads.events().execute(() -> neighbours.keep(new TreeSet<>(List.of(PEER))));
      await(() -> probed.contains(PEER));
      assertThat(ovs.appctl("tnl/neigh/show")).doesNotContain("172.31.0.2");
      Files.writeString(kernel, HEADING + "172.31.0.2 0x1 0x2 02:00:00:00:00:42 * br-phy\n");
      await(() -> ovs.appctl("tnl/neigh/show").contains("02:00:00:00:00:42"));

      ovs.killSwitch();
      ovs.startSwitch();
      await(() -> ovs.answers("ofproto/list"));
      threads.events().execute(neighbours::switchRestarted);
      await(() -> ovs.appctl("tnl/neigh/show").contains("02:00:00:00:00:42"));
    }
  }
}
