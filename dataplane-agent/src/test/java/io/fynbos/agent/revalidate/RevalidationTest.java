package io.fynbos.agent.revalidate;

import static io.fynbos.agent.support.Threads.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.agent.support.Frames;
import io.fynbos.agent.support.PrivateOvs;
import io.fynbos.agent.support.Threads;
import io.fynbos.agent.unixctl.ControlSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RevalidationTest {
  private static final Duration PERIOD = Duration.ofMillis(100);

  @Test
  void theLongestRoundOfAllDatapathsCounts() {
    String text =
        """
        netdev@ovs-netdev:
          flows         : (current 1) (avg 3) (max 20) (limit 20000)
          dump duration : 3ms

        system@ovs-system:
          flows         : (current 9) (avg 3) (max 20) (limit 20000)
          dump duration : 111ms
        """;
    assertThat(Revalidation.roundMillis(text)).isEqualTo(111);
    assertThat(Revalidation.roundMillis("")).isZero();
  }

  @Test
  void aWholeRoundOfARealSwitchIsAwaited() throws Exception {
    try (PrivateOvs ovs = PrivateOvs.create().startDatabase().startSwitch();
        Threads threads = new Threads()) {
      ovs.vsctl("add-br", "br-a", "--", "set", "bridge", "br-a", "datapath_type=dummy");
      await(() -> ovs.answers("upcall/show") && ovs.appctl("upcall/show").contains("(keys "));
      ControlSocket control =
          new ControlSocket(threads.loop(), ovs.directory(), "ovs-vswitchd", threads.events());
      AtomicInteger touches = new AtomicInteger();
      Revalidation round =
          new Revalidation(control, threads.events(), touches::incrementAndGet, PERIOD, false);
      threads.on(round::run).get(10, TimeUnit.SECONDS);
      assertThat(touches).as("one for each of two rounds").hasValue(2);
    }
  }

  @Test
  void aSwitchInUserspaceForgetsAllItHasCached() throws Exception {
    try (PrivateOvs ovs = PrivateOvs.create().startDatabase().startSwitch();
        Threads threads = new Threads()) {
      ovs.vsctl("add-br", "br-a", "--", "set", "bridge", "br-a", "datapath_type=dummy");
      ovs.vsctl("add-port", "br-a", "p1", "--", "set", "interface", "p1", "type=dummy");
      await(() -> ovs.answers("upcall/show") && ovs.appctl("upcall/show").contains("(keys "));
      await(() -> ovs.appctl("dpctl/show").contains("p1"));
      ovs.appctl("netdev-dummy/receive", "p1", Frames.TCP_V4);
      await(() -> ovs.appctl("dpctl/dump-flows").contains("02:00:00:00:00:07"));
      ControlSocket control =
          new ControlSocket(threads.loop(), ovs.directory(), "ovs-vswitchd", threads.events());
      Revalidation purge = new Revalidation(control, threads.events(), () -> {}, PERIOD, true);
      threads.on(purge::run).get(10, TimeUnit.SECONDS);
      assertThat(ovs.appctl("dpctl/dump-flows")).doesNotContain("02:00:00:00:00:07");
    }
  }

  @Test
  void aSwitchThatIsAwayFailsIt() {
    try (PrivateOvs ovs = PrivateOvs.create();
        Threads threads = new Threads()) {
      ControlSocket control =
          new ControlSocket(threads.loop(), ovs.directory(), "ovs-vswitchd", threads.events());
      for (boolean userspace : new boolean[] {true, false}) {
        Revalidation round =
            new Revalidation(control, threads.events(), () -> {}, PERIOD, userspace);
        assertThat(threads.on(round::run)).failsWithin(10, TimeUnit.SECONDS);
      }
    }
  }
}
