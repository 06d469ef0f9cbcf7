package io.fynbos.labs;

import io.fynbos.labs.check.Check;
import io.fynbos.labs.check.CheckReport;
import io.fynbos.labs.demo.ControllerRestart;
import io.fynbos.labs.demo.RuleCut;
import io.fynbos.labs.net.Command;
import io.fynbos.labs.runner.ControllerApi;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.runner.Progress;
import io.fynbos.labs.runner.Removal;
import io.fynbos.labs.runner.Startup;
import io.fynbos.labs.runner.Topologies;
import io.fynbos.labs.topology.Topology;
import io.fynbos.labs.traffic.Stream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code fynbos demo}: the fabric on this machine, shown and measured in under a minute. */
@CommandLine.Command(
    name = "fynbos demo",
    description = "Builds a fabric of two hosts on this machine, proves it, and takes it away.",
    mixinStandardHelpOptions = true)
public final class DemoMain implements Callable<Integer> {
  private static final String LAB = "demo";

  private final PrintStream out;
  private final Progress progress;

  @Option(names = "--keep", description = "leaves the lab up and says what to try")
  private boolean keep;

  private DemoMain(PrintStream out) {
    this.out = out;
    this.progress = new Progress(out);
  }

  public static void main(String[] arguments) {
    CommandLine command = new CommandLine(new DemoMain(System.out));
    command.setExecutionExceptionHandler(
        (failure, line, parsed) -> {
          if (failure instanceof LabException || failure instanceof Command.Failed) {
            System.err.println("fynbos demo: " + failure.getMessage());
            return 1;
          }
          throw failure;
        });
    System.exit(command.execute(arguments));
  }

  @Override
  public Integer call() {
    out.println(
        "Two hosts, each with an Open vSwitch of its own. Two universes, blue and green, that");
    out.println(
        "use the same addresses. Seven guests. All of it in network namespaces of this machine.");
    Topology twoHosts = Topologies.find("two-hosts");
    Lab lab =
        upOrNothing(new Topology(LAB, twoHosts.hosts(), twoHosts.guests(), twoHosts.documents()));
    boolean proven = false;
    try {
      proven = prove(lab);
    } finally {
      if (!keep) {
        takeAway();
      }
    }
    if (keep) {
      sayWhatToTry();
    }
    out.printf(
        "%n%s after%s%n",
        proven ? "All of it held," : "SOMETHING DID NOT HOLD, see above;",
        Progress.seconds(progress.elapsed()));
    return proven ? 0 : 1;
  }

  private Lab upOrNothing(Topology topology) {
    head("1. The fabric comes up");
    boolean up = false;
    try {
      Lab lab = Startup.up(topology, progress);
      up = true;
      return lab;
    } finally {
      if (!up && !keep && !alreadyUp()) {
        Removal.of(LAB);
      }
    }
  }

  private static boolean alreadyUp() {
    return new io.fynbos.labs.runner.LabDirectory(LAB).up();
  }

  private boolean prove(Lab lab) {
    head("2. Who may talk to whom, and every pair checked with real packets");
    CheckReport report = Check.of(lab);
    out.print(report.text());
    progress.done("checked");
    try (ControllerApi api = lab.api()) {
      boolean cut = cut(lab, api);
      boolean survived = restart(lab, api);
      return report.differences().isEmpty() && cut && survived;
    }
  }

  private boolean cut(Lab lab, ControllerApi api) {
    head("3. A rule is taken away from under an open connection, and put back");
    RuleCut cut = RuleCut.play(lab, api);
    out.printf("web1 holds a TCP connection to db1's port 5432, which policy web-to-db allows.%n");
    out.printf("The rule goes: acknowledged after %s,%n", millis(cut.acknowledged()));
    out.printf("  the last byte came through after %s,%n", millis(cut.lastByte()));
    out.printf("  enforced on every host after %s;%n", millis(cut.enforced()));
    out.printf("  bytes that came through after that: %d%n", cut.bytesAfterwards());
    out.printf(
        "The rule comes back: the same connection goes on after %s (TCP waits before it tries again)%n",
        millis(cut.resumed()));
    progress.done("cut and put back");
    return cut.bytesAfterwards() == 0;
  }

  private boolean restart(Lab lab, ControllerApi api) {
    head("4. The controller is killed and comes back, while guests ping every 5 ms");
    ControllerRestart restart = ControllerRestart.play(lab, api);
    out.printf("kill -9, then started again: it answers after %s,%n", millis(restart.answering()));
    out.printf(
        "  and has read back both switches, with nothing to correct, after %s%n",
        millis(restart.synchronous()));
    out.printf(
        "  %d pings between three pairs of guests, %d lost, longest silence %s%n",
        restart.sent(),
        restart.lost(),
        millis(
            restart.pings().stream()
                .map(Stream.Account::longestSilence)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO)));
    progress.done("restarted");
    return restart.lost() == 0;
  }

  private void takeAway() {
    head("5. Everything is taken away");
    Removal.of(LAB);
    progress.done("no namespace, process or file of the lab is left");
  }

  private void sayWhatToTry() {
    head("5. The lab stays up");
    out.println("  sudo ./fynbos lab status");
    out.println("  sudo ./fynbos get endpoints -u blue");
    out.println("  sudo ./fynbos lab exec web1 -- ping -c 3 10.0.2.10");
    out.println("  sudo ./fynbos lab exec h1 -- ovs-ofctl -O OpenFlow15 dump-flows br-int");
    out.println("  sudo ./fynbos lab kill h1 vswitchd; sudo ./fynbos lab start h1 vswitchd");
    out.println("  sudo ./fynbos lab check");
    out.println("  sudo ./fynbos lab down demo");
  }

  private void head(String text) {
    out.printf("%n%s%n%n", text);
  }

  private static String millis(Duration duration) {
    return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
  }
}
