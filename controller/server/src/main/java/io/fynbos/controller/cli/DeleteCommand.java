package io.fynbos.controller.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    description = "Takes away the objects that the documents of files name, all or nothing.",
    footer = {"", "Example:", "  fynbos delete -f blue.yaml --wait 10s"})
final class DeleteCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Connection connection = new Connection();
  @Mixin private Change change = new Change();

  @Override
  public Integer call() {
    return change.send(connection.api(), "/v1/delete", spec.commandLine().getOut());
  }
}
