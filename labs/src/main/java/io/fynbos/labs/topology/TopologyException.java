package io.fynbos.labs.topology;

/** A topology file that cannot be used; the message names the place and what was expected there. */
public final class TopologyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TopologyException(String place, String expected) {
    super(place + ": " + expected);
  }
}
