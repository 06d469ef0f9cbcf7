package io.fynbos.controller.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "revision",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    description = "Tells which hosts have applied a revision; status 1 when some have not.",
    footer = {"", "Example:", "  fynbos revision 12 --wait 10s"})
final class RevisionCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Connection connection = new Connection();

  @Parameters(paramLabel = "N", description = "The number that a change answered.")
  private long revision;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "0s",
      converter = DurationText.class,
      description = "Waits up to this long, such as 10s, until every host has applied it.")
  private Duration wait = Duration.ZERO;

  @Override
  public Integer call() {
    Applied applied = Applied.ask(connection.api(), revision, wait);
    spec.commandLine().getOut().println(applied.sentence());
    return applied.applied() ? 0 : 1;
  }
}
