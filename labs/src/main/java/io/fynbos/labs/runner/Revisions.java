package io.fynbos.labs.runner;

/** What the controller's newest revision is. */
final class Revisions {
  private Revisions() {}

  /** The newest revision; every collection says which one it shows. */
  static long latest(ControllerApi api) {
    return api.read("/v1/bindings?limit=1").revision();
  }
}
