package io.fynbos.controller.core;

/** Gauges that nobody reads. */
public final class NoGauges implements Controller.Gauges {
  @Override
  public void committed(int commits, long nanos) {}

  @Override
  public void answered(String outcome) {}
}
