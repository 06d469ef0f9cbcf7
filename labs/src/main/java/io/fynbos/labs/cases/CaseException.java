package io.fynbos.labs.cases;

/** A table of cases that cannot be read; the message names the place and what was expected. */
public final class CaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CaseException(String place, String message) {
    super(place + ": " + message);
  }
}
