package io.fynbos.openflow.session;

/** The session ended before the switch answered. The message says why. */
public final class SessionEnded extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why it ended. */
  public SessionEnded(String why) {
    super(why);
  }

  /** Why it ended, with the fault that ended it. */
  public SessionEnded(String why, Throwable cause) {
    super(why, cause);
  }
}
