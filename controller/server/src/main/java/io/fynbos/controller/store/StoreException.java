package io.fynbos.controller.store;

/** The store cannot do what was asked; the message tells an operator what to do. */
public class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The head is not where the writer believed it to be: somebody else has committed. */
  public static final class HeadMoved extends StoreException {
    private static final long serialVersionUID = 1;

    public HeadMoved(String message) {
      super(message);
    }
  }

  /** The commits asked for are older than what the log still holds. */
  public static final class Forgotten extends StoreException {
    private static final long serialVersionUID = 1;

    public Forgotten(String message) {
      super(message);
    }
  }
}
