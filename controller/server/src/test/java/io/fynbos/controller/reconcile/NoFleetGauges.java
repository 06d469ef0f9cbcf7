package io.fynbos.controller.reconcile;

/** Gauges that nobody reads. */
public final class NoFleetGauges implements FleetGauges {
  @Override
  public void bundleDone(int mods, long nanos) {}

  @Override
  public void bundleRefused() {}

  @Override
  public void readBack(int missing, int stale, int foreign) {}
}
