package io.fynbos.controller.reconcile;

/** Counts what the fleet does. */
public interface FleetGauges {

  /** A bundle was confirmed by a barrier. */
  void bundleDone(int mods, long nanos);

  /** A switch refused a bundle. */
  void bundleRefused();

  /** A switch was read back. */
  void readBack(int missing, int stale, int foreign);
}
