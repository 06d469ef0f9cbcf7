package io.fynbos.labs;

import io.fynbos.labs.cases.CaseException;
import io.fynbos.labs.cases.CaseRun;
import io.fynbos.labs.cases.CaseTable;
import io.fynbos.labs.check.Check;
import io.fynbos.labs.check.CheckReport;
import io.fynbos.labs.net.Command;
import io.fynbos.labs.runner.ControllerApi.ControllerGone;
import io.fynbos.labs.runner.Lab;
import io.fynbos.labs.runner.LabDirectory;
import io.fynbos.labs.runner.LabException;
import io.fynbos.labs.runner.LabStatus;
import io.fynbos.labs.runner.NodeCommand;
import io.fynbos.labs.runner.Progress;
import io.fynbos.labs.runner.Removal;
import io.fynbos.labs.runner.Startup;
import io.fynbos.labs.runner.Topologies;
import io.fynbos.labs.topology.TopologyException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** {@code fynbos lab}: real fabrics in network namespaces of this machine. */
@CommandLine.Command(
    name = "fynbos lab",
    description =
        "Builds a fabric in network namespaces of this machine, and breaks it on purpose.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class LabMain implements Runnable {
  private static final String LOGBACK = "logback.configurationFile";
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private final PrintStream out;
  private final PrintStream errors;

  @Option(
      names = "--lab",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "which lab, when several are up; else FYNBOS_LAB")
  private Optional<String> labOption = Optional.empty();

  private LabMain(PrintStream out, PrintStream errors) {
    this.out = out;
    this.errors = errors;
  }

  public static void main(String[] arguments) {
    if (System.getProperty(LOGBACK) == null) {
      System.setProperty(LOGBACK, "io/fynbos/labs/logback.xml");
    }
    System.exit(run(System.out, System.err, arguments));
  }

  /** Runs one command; a refusal is one line on the error stream. */
  static int run(PrintStream out, PrintStream errors, String... arguments) {
    CommandLine commands = new CommandLine(new LabMain(out, errors));
    commands.addSubcommand(new BenchCommands(out, errors));
    Optional.ofNullable(commands.getSubcommands().get("exec"))
        .ifPresent(exec -> exec.setStopAtPositional(true));
    commands.setExecutionExceptionHandler(
        (failure, line, parsed) -> {
          if (failure instanceof LabException
              || failure instanceof TopologyException
              || failure instanceof CaseException
              || failure instanceof ControllerGone
              || failure instanceof Command.Failed) {
            errors.println("fynbos lab: " + failure.getMessage());
            return FAILED;
          }
          throw failure;
        });
    return commands.execute(arguments);
  }

  @Override
  public void run() {
    new CommandLine(this).usage(out);
  }

  private Lab lab() {
    return Lab.open(
        labOption.or(
            () ->
                Optional.ofNullable(System.getenv("FYNBOS_LAB")).filter(name -> !name.isEmpty())));
  }

  @CommandLine.Command(
      name = "up",
      description = "Brings a lab up and waits until it is whole.",
      mixinStandardHelpOptions = true)
  int up(
      @Parameters(
              paramLabel = "NAME|FILE",
              description = "a topology of labs/topologies, or a file")
          String topology) {
    Progress progress = new Progress(out);
    Lab lab = Startup.up(Topologies.find(topology), progress);
    progress.done("lab " + lab.topology().name() + " is up");
    out.println();
    out.print(LabStatus.of(lab).table());
    out.printf(
        "%nTry: fynbos lab check | fynbos lab exec NODE -- COMMAND | fynbos get endpoints | fynbos lab down%n");
    return DONE;
  }

  @CommandLine.Command(
      name = "status",
      description = "What runs where.",
      mixinStandardHelpOptions = true)
  int status(
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FORM",
              defaultValue = "table",
              description = "table or json")
          String form) {
    if (!List.of("table", "json").contains(form)) {
      errors.println("fynbos lab status: -o takes table or json, not '" + form + "'");
      return USAGE;
    }
    LabStatus status = LabStatus.of(lab());
    out.print(form.equals("json") ? status.json() + "\n" : status.table());
    return DONE;
  }

  @CommandLine.Command(
      name = "down",
      description = "Takes a lab away, also after a crash.",
      mixinStandardHelpOptions = true)
  int down(
      @Parameters(arity = "0..1", paramLabel = "NAME", description = "which; needed when several")
          Optional<String> name,
      @Option(names = "--all", description = "every lab") boolean all) {
    List<String> left = LabDirectory.all().stream().map(LabDirectory::lab).toList();
    List<String> wanted;
    if (all) {
      wanted = left;
    } else if (name.isPresent() || labOption.isPresent()) {
      wanted = name.or(() -> labOption).stream().toList();
    } else if (left.size() > 1) {
      throw new LabException(
          "several labs are there: %s. Name one, or give --all".formatted(String.join(", ", left)));
    } else {
      wanted = left;
    }
    if (wanted.isEmpty()) {
      out.println("no lab is up");
    }
    for (String lab : wanted) {
      out.println(Removal.of(lab, out::println) ? lab + " is gone" : "there is no lab " + lab);
    }
    return DONE;
  }

  @CommandLine.Command(
      name = "exec",
      description = "Runs a command on a guest, a host or the controller's node.",
      mixinStandardHelpOptions = true)
  int exec(
      @Parameters(index = "0", paramLabel = "NODE") String node,
      @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND") List<String> command) {
    Lab lab = lab();
    lab.namespace(node);
    List<String> words = command.get(0).equals("--") ? command.subList(1, command.size()) : command;
    if (words.isEmpty()) {
      throw new LabException("which command? fynbos lab exec NODE -- COMMAND");
    }
    lab.refresh();
    return NodeCommand.run(lab, node, words);
  }

  @CommandLine.Command(
      name = "check",
      description =
          "Sends real packets for every pair and service, and compares with the policies.",
      mixinStandardHelpOptions = true)
  int check() {
    CheckReport report = Check.of(lab());
    out.print(report.text());
    return report.differences().isEmpty() ? DONE : FAILED;
  }

  @CommandLine.Command(
      name = "cases",
      description = "Plays tables of policies and packets in a lab of its own.",
      mixinStandardHelpOptions = true)
  int cases(
      @Parameters(
              arity = "1..*",
              paramLabel = "FILE",
              description = "YAML, or examples in Markdown")
          List<Path> files,
      @Option(names = "--oracle", description = "ask the oracle only; no lab, no packets")
          boolean oracle) {
    List<CaseTable> tables = files.stream().map(CaseTable::read).toList();
    CaseRun run =
        oracle ? CaseRun.byOracle(tables) : CaseRun.inLab("cases", tables, new Progress(out));
    out.print(run.text());
    return run.differences() == 0 ? DONE : FAILED;
  }

  @CommandLine.Command(
      name = "link",
      description = "Takes a link down or up: HOST net, HOST controller, GUEST HOST.",
      mixinStandardHelpOptions = true)
  int link(
      @Parameters(paramLabel = "A") String one,
      @Parameters(paramLabel = "B") String other,
      @Parameters(paramLabel = "down|up") String state) {
    if (!List.of("up", "down").contains(state)) {
      errors.println("fynbos lab link: expected down or up, not '" + state + "'");
      return USAGE;
    }
    lab().wiring().link(one, other, state.equals("up")).run();
    return DONE;
  }

  @CommandLine.Command(
      name = "kill",
      description = "Kills a process: HOST vswitchd, ovsdb-server or agent; controller controller.",
      mixinStandardHelpOptions = true)
  int kill(
      @Parameters(paramLabel = "NODE") String node,
      @Parameters(paramLabel = "PROCESS") String process,
      @Option(names = "--signal", defaultValue = "KILL", paramLabel = "NAME") String signal) {
    lab().kill(node, process, signal);
    return DONE;
  }

  @CommandLine.Command(
      name = "start",
      description = "Starts a process again, the way it was started first.",
      mixinStandardHelpOptions = true)
  int start(
      @Parameters(paramLabel = "NODE") String node,
      @Parameters(paramLabel = "PROCESS") String process) {
    lab().start(node, process);
    return DONE;
  }

  @CommandLine.Command(
      name = "attach",
      description = "Plugs a guest in.",
      mixinStandardHelpOptions = true)
  int attach(@Parameters(paramLabel = "GUEST") String guest) {
    Lab lab = lab();
    lab.attach(lab.guest(guest));
    return DONE;
  }

  @CommandLine.Command(
      name = "detach",
      description = "Unplugs a guest.",
      mixinStandardHelpOptions = true)
  int detach(@Parameters(paramLabel = "GUEST") String guest) {
    Lab lab = lab();
    lab.detach(lab.guest(guest));
    return DONE;
  }

  @CommandLine.Command(
      name = "drill",
      description = "A scripted failure with its expectations.",
      mixinStandardHelpOptions = true)
  int drill(@Parameters(paramLabel = "NAME") String name) {
    errors.println("fynbos lab: there is no drill '" + name + "'; there are none yet");
    return FAILED;
  }
}
