package io.fynbos.controller.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The client commands: {@code fynbos apply}, {@code get}, {@code watch} and the others. */
@Command(
    name = "fynbos",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    description = "Talks to a Fynbos controller.",
    subcommands = {
      ApplyCommand.class,
      DeleteCommand.class,
      GetCommand.class,
      WatchCommand.class,
      RevisionCommand.class,
      ReachCommand.class,
      TraceCommand.class,
      LintCommand.class,
      HitsCommand.class,
      FlowLogCommand.class,
      VersionCommand.class,
      HelpCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  fynbos apply -f documents.yaml --wait 10s",
      "  fynbos get endpoints -u blue",
      "  fynbos get policy blue/web-to-db -o yaml",
      "  fynbos trace blue/web1 blue/db1 tcp/5432",
      "",
      "FYNBOS_API names the controller (default http://127.0.0.1:8181)."
    })
public final class ClientMain implements Callable<Integer> {

  static final String DEFAULT_API = "http://127.0.0.1:8181";

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs one command and ends the process with its status. */
  public static void main(String[] args) {
    System.exit(
        run(
            args,
            new PrintWriter(System.out, false, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8)));
  }

  /** Runs one command and returns its exit status. */
  static int run(String[] args, PrintWriter out, PrintWriter err) {
    CommandLine line = new CommandLine(new ClientMain());
    line.setOut(out);
    line.setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          command.getOut().flush();
          if (failure instanceof ClientFailure) {
            String error = command.getColorScheme().errorText("error").toString();
            command.getErr().println(error + ": " + failure.getMessage());
            return 1;
          }
          throw failure;
        });
    int status = line.execute(args);
    out.flush();
    err.flush();
    return status;
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "give a command");
  }
}
