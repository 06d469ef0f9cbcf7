package io.fynbos.controller.flowlog;

/** Counts what the flow log takes and loses. */
public interface FlowLogGauges {

  /** Where lines were dropped. */
  enum Loss {
    /** On the way to the controller, by the host. */
    HOST,
    /** The disk was slower than the hosts, or failed. */
    FILE,
    /** A reader was slower than the hosts. */
    READER
  }

  /** A record was taken. */
  void logged(String verdict);

  /** Records were dropped. */
  void dropped(Loss loss, long records);
}
