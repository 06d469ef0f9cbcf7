package io.fynbos.policy.verdict;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.Stage;
import io.fynbos.policy.verdict.Verdict.Judgement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges packets by an image. Rules that are only tried out take no part, except in {@link
 * #judgeStaged}.
 */
public final class Oracle {
  /** The lowest port that a client is taken to have chosen by itself. */
  public static final int EPHEMERAL_PORT_MIN = 32768;

  private static final Set<Stage> ENFORCED = Set.of(Stage.ENFORCE);
  private static final Set<Stage> ALL = Set.of(Stage.values());

  private Oracle() {}

  /**
   * Whether the packet may pass as the first of its connection. What is judged without state (SCTP)
   * may also be the reply to an allowed packet: its ports say so, as those of {@link
   * #judgeMidstream} do; where they do not, either will do.
   */
  public static Verdict judge(Image image, Packet packet) {
    return judge(image, packet, ENFORCED);
  }

  /** What {@link #judge} would say if the rules that are only tried out were in force. */
  public static Verdict judgeStaged(Image image, Packet packet) {
    return judge(image, packet, ALL);
  }

  private static Verdict judge(Image image, Packet packet, Set<Stage> stages) {
    Verdict verdict = judgeForward(image, packet, stages);
    boolean either = packet.stateless() && verdict.noRoute().isEmpty();
    if (!either || fromClient(packet) || (verdict.allowed() && !fromServer(packet))) {
      return verdict;
    }
    Verdict reply = judgeReply(image, packet, stages);
    return reply.allowed() || fromServer(packet) ? reply : verdict;
  }

  /**
   * Whether the packet may pass as a reply of a connection that is tracked and not kept: so it may
   * when what it replies to may still pass.
   */
  public static Verdict judgeReply(Image image, Packet reply) {
    return judgeReply(image, reply, ENFORCED);
  }

  private static Verdict judgeReply(Image image, Packet reply, Set<Stage> stages) {
    Verdict original = judgeForward(image, reply.reversed(), stages);
    return new Verdict(reply, original.noRoute(), original.judgements(), true, false);
  }

  /**
   * Whether a connection that is tracked goes on. Its packets of both directions are judged as the
   * packet that opened it, so they pass and end together. Where the universe has {@code
   * keepEstablished} now, and had it when the connection was opened, they pass whatever the rules
   * have become, as long as both ends still have their addresses.
   *
   * @param opening the packet that opened the connection
   * @param openedKept whether the universe had {@code keepEstablished} then
   */
  public static Verdict judgeTracked(Image image, Packet opening, boolean openedKept) {
    Verdict verdict = judgeForward(image, opening, ENFORCED);
    boolean keeps =
        openedKept
            && verdict.noRoute().isEmpty()
            && verdict.judgements().stream()
                .allMatch(
                    judgement ->
                        image
                            .universe(judgement.endpoint().universe())
                            .orElseThrow()
                            .keepEstablished());
    return keeps && !verdict.allowed()
        ? new Verdict(opening, verdict.noRoute(), verdict.judgements(), false, true)
        : verdict;
  }

  /**
   * Whether a TCP packet may pass that belongs to no tracked connection and opens none (after a
   * restart, a migration). Its ports say which end opened the connection; where they do not, it
   * must be permitted in both orientations.
   */
  public static Verdict judgeMidstream(Image image, Packet packet) {
    if (!(packet.transport() instanceof Transport.Ports)) {
      throw new IllegalArgumentException("only TCP has a midstream: " + packet);
    }
    if (fromServer(packet)) {
      return judgeReply(image, packet);
    }
    Verdict forward = judgeForward(image, packet, ENFORCED);
    if (fromClient(packet) || !forward.allowed()) {
      return forward;
    }
    Verdict reply = judgeReply(image, packet);
    return reply.allowed() ? forward : reply;
  }

  /** Whether its ports say that it goes to the end which was connected to. */
  private static boolean fromClient(Packet packet) {
    return packet.transport() instanceof Transport.Ports ports
        && ports.source() >= EPHEMERAL_PORT_MIN
        && ports.destination() < EPHEMERAL_PORT_MIN;
  }

  /** Whether its ports say that it comes from there. */
  private static boolean fromServer(Packet packet) {
    return packet.transport() instanceof Transport.Ports ports
        && ports.destination() >= EPHEMERAL_PORT_MIN
        && ports.source() < EPHEMERAL_PORT_MIN;
  }

  private static Verdict judgeForward(Image image, Packet packet, Set<Stage> stages) {
    Ends ends = Ends.of(image, packet);
    if (ends.noRoute().isPresent()) {
      return new Verdict(packet, ends.noRoute(), List.of(), false, false);
    }
    Judging judging = new Judging(image, packet, stages);
    List<Judgement> judgements = new ArrayList<>();
    ends.sender()
        .ifPresent(sender -> judgements.add(judging.judge(Direction.OUT, sender, ends.receiver())));
    ends.receiver()
        .ifPresent(
            receiver -> judgements.add(judging.judge(Direction.IN, receiver, ends.sender())));
    return new Verdict(packet, Optional.empty(), judgements, false, false);
  }
}
