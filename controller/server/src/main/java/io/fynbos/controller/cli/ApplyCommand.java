package io.fynbos.controller.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    description = "Puts the documents of files, all or nothing.",
    footer = {
      "",
      "Examples:",
      "  fynbos apply -f blue.yaml",
      "  fynbos apply -f universes/ -f policies/ --wait 10s",
      "  fynbos get policies -u blue -o yaml | sed s/5432/5433/ | fynbos apply -f -"
    })
final class ApplyCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Connection connection = new Connection();
  @Mixin private Change change = new Change();

  @Override
  public Integer call() {
    return change.send(connection.api(), "/v1/apply", spec.commandLine().getOut());
  }
}
