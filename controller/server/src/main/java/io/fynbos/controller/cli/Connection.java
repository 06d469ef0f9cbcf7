package io.fynbos.controller.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that every command has: which controller to talk to. */
final class Connection {

  @Option(
      names = "--api",
      paramLabel = "URL",
      defaultValue = "${env:FYNBOS_API:-" + ClientMain.DEFAULT_API + "}",
      description = "The controller's address (FYNBOS_API, else " + ClientMain.DEFAULT_API + ").")
  private String url = ClientMain.DEFAULT_API;

  @Option(
      names = "--ca",
      paramLabel = "PEM",
      defaultValue = "${env:FYNBOS_CA}",
      description = "Who signs the controller's certificate, for https (FYNBOS_CA).")
  private Optional<Path> authority = Optional.empty();

  @Option(
      names = "--cert",
      paramLabel = "PEM",
      defaultValue = "${env:FYNBOS_CERT}",
      description = "The certificate to show to the controller (FYNBOS_CERT).")
  private Optional<Path> certificate = Optional.empty();

  @Option(
      names = "--key",
      paramLabel = "PEM",
      defaultValue = "${env:FYNBOS_KEY}",
      description = "Its private key in PKCS#8 (FYNBOS_KEY).")
  private Optional<Path> key = Optional.empty();

  Api api() {
    return new Api(url, new Trust(authority, certificate, key));
  }
}
