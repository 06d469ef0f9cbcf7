package io.fynbos.controller.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.controller.compile.EdgeCompiler;
import io.fynbos.controller.compile.Specimen;
import io.fynbos.openflow.session.OpenFlowClient;
import io.fynbos.openflow.session.SessionLimits;
import io.fynbos.openflow.session.SwitchListener;
import io.fynbos.openflow.session.SwitchSession;
import io.fynbos.openflow.wire.FlowEntry;
import io.fynbos.openflow.wire.FlowStats;
import io.fynbos.openflow.wire.Mod;
import io.fynbos.policy.RandomImages;
import io.fynbos.policy.RandomImages.Size;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.HostName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What a real switch was given reads back as the equal flows: else a controller that restarts would
 * see differences where there are none.
 */
class ReadBackTest {
  private static final int WAIT_SECONDS = 30;

  @Test
  void everyFlowReadsBackAsItWasSent() throws Exception {
    List<Image> images = new ArrayList<>(List.of(Specimen.fabric().image()));
    for (long seed = 1; seed <= 3; seed++) {
      images.add(RandomImages.complete(seed).image(Size.MEDIUM));
    }
    try (DummySwitch real = DummySwitch.start();
        OpenFlowClient client = new OpenFlowClient()) {
      SwitchSession session =
          client
              .connect(real.management(), 0, SessionLimits.DEFAULT, new SwitchListener() {})
              .get(WAIT_SECONDS, TimeUnit.SECONDS);
      for (Image image : images) {
        for (HostName host : image.hosts().keySet()) {
          List<FlowEntry> wanted = EdgeCompiler.full(image, host).sorted();
          List<Mod> mods = new ArrayList<>();
          held(session).forEach(flow -> mods.add(new Mod.FlowDeleteStrict(flow.key())));
          wanted.forEach(flow -> mods.add(new Mod.FlowAdd(flow)));
          session.bundle(mods).get(WAIT_SECONDS, TimeUnit.SECONDS);
          assertThat(held(session)).containsExactlyInAnyOrderElementsOf(wanted);
        }
      }
    }
  }

  private static List<FlowEntry> held(SwitchSession session) throws Exception {
    return session.flows().get(WAIT_SECONDS, TimeUnit.SECONDS).stream()
        .map(FlowStats::flow)
        .toList();
  }
}
