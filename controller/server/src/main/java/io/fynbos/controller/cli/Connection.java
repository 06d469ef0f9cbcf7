package io.fynbos.controller.cli;

import picocli.CommandLine.Option;

/** The option that every command has: which controller to talk to. */
final class Connection {

  @Option(
      names = "--api",
      paramLabel = "URL",
      defaultValue = "${env:FYNBOS_API:-" + ClientMain.DEFAULT_API + "}",
      description = "The controller's address (FYNBOS_API, else " + ClientMain.DEFAULT_API + ").")
  private String url = ClientMain.DEFAULT_API;

  Api api() {
    return new Api(url);
  }
}
