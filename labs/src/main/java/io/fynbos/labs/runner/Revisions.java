package io.fynbos.labs.runner;

/** What the controller's newest revision is. */
final class Revisions {
  private Revisions() {}

  /** The newest revision that any host is expected to apply. */
  static long latest(ControllerApi api) {
    return api.read("/v1/revisions/latest").revision();
  }
}
