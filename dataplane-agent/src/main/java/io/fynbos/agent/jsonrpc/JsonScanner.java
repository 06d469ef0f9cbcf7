package io.fynbos.agent.jsonrpc;

/**
 * Finds where a JSON object ends by counting braces outside strings, one byte at a time, so that a
 * stream without lengths or separators can be cut into messages before anything is parsed.
 */
public final class JsonScanner {
  private final int depthMax;
  private final int frameBytesMax;
  private int depth;
  private int frameBytes;
  private boolean inString;
  private boolean escaped;

  /** Bounds one message: its nesting, and its length in bytes. */
  public JsonScanner(int depthMax, int frameBytesMax) {
    this.depthMax = depthMax;
    this.frameBytesMax = frameBytesMax;
  }

  /** Whether bytes of an unfinished message were seen. */
  public boolean inFrame() {
    return depth > 0;
  }

  /**
   * Takes the next byte; true when it completes a message.
   *
   * @throws JsonRpcException when the message cannot be an object within the bounds
   */
  public boolean completes(byte next) throws JsonRpcException {
    if (depth == 0) {
      return opens(next);
    }
    if (++frameBytes > frameBytesMax) {
      throw new JsonRpcException("message is longer than " + frameBytesMax + " bytes");
    }
    if (inString) {
      if (escaped) {
        escaped = false;
      } else if (next == '\\') {
        escaped = true;
      } else if (next == '"') {
        inString = false;
      }
      return false;
    }
    switch (next) {
      case '"' -> inString = true;
      case '{', '[' -> deepen();
      case '}', ']' -> depth--;
      default -> {}
    }
    return depth == 0;
  }

  private boolean opens(byte next) throws JsonRpcException {
    if (next == ' ' || next == '\n' || next == '\r' || next == '\t') {
      return false;
    }
    if (next != '{') {
      throw new JsonRpcException("message does not begin with '{' but with byte " + (next & 0xff));
    }
    depth = 1;
    frameBytes = 1;
    return false;
  }

  private void deepen() throws JsonRpcException {
    if (++depth > depthMax) {
      throw new JsonRpcException("message nests deeper than " + depthMax);
    }
  }
}
