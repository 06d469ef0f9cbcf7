package io.fynbos.openflow.session;

import java.time.Duration;

/**
 * The bounds of one session; what breaks one ends the session, but for the outbound bound.
 *
 * @param handshakeTimeout from the connection to the features reply
 * @param requestTimeout from sending a request (for a bundle: its last part) to its answer
 * @param echoAfter silence after which the switch is asked for an echo
 * @param echoTimeout how long it may stay silent then
 * @param outboundBytesHigh unsent bytes above which the session is slow: bundles wait, packets are
 *     dropped
 * @param outboundBytesLow unsent bytes below which it is slow no longer
 * @param requestsMax requests that wait for their answer; another fails at once
 * @param readBackBytesMax bytes of one multipart answer
 * @param portStatusesMax ports whose change waits to be told, before it becomes "ports changed"
 */
public record SessionLimits(
    Duration handshakeTimeout,
    Duration requestTimeout,
    Duration echoAfter,
    Duration echoTimeout,
    int outboundBytesHigh,
    int outboundBytesLow,
    int requestsMax,
    int readBackBytesMax,
    int portStatusesMax) {
  /** What a controller uses. */
  public static final SessionLimits DEFAULT =
      new SessionLimits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          1 << 20,
          1 << 18,
          1024,
          512 << 20,
          256);

  public SessionLimits {
    if (outboundBytesLow < 1 || outboundBytesHigh < outboundBytesLow || requestsMax < 1) {
      throw new IllegalArgumentException(
          "outbound %d..%d, %d requests"
              .formatted(outboundBytesLow, outboundBytesHigh, requestsMax));
    }
  }
}
