package io.fynbos.controller.pipeline;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tables of br-int, one line each: the number, where a miss goes (or {@link #DROP}), and which
 * tables may follow, by goto, resubmit or through connection tracking.
 */
public enum Table {
  // name          id  miss  may be followed by
  ADMISSION(/*    */ 0, Table.DROP, 2, 5, 8, 64),
  TUNNEL_PEER(/*  */ 2, Table.DROP, 3),
  TUNNEL_IDENTITY(3, Table.DROP, 10),
  NEIGHBOURS(/*   */ 5, Table.DROP, 6),
  ADVERTISE(/*    */ 6, Table.DROP),
  SERVICE(/*      */ 8, 10, 10),
  CONNTRACK(/*   */ 10, Table.DROP, 11),
  TRACKED(/*     */ 11, Table.DROP, 12),
  ROUTE(/*       */ 12, Table.DROP, 14),
  ORIENT(/*      */ 14, Table.DROP, 17, 20, 42, 44, 50),
  REVERSED(/*    */ 17, Table.DROP, 20),
  OUT_GUARDRAIL(20, 21, 20, 21, 23, 30, 41),
  OUT_UNIVERSE(/**/ 21, 22, 22, 30, 41),
  OUT_DEFAULT(/* */ 22, Table.DROP, 30, 41),
  // The same with audit rules as if they were enforced; what comes of it is only kept.
  AUDIT_OUT_GUARDRAIL(23, 24, 24),
  AUDIT_OUT_UNIVERSE(24, 25, 25),
  AUDIT_OUT_DEFAULT(25, Table.DROP),
  IN_GUARDRAIL(/**/ 30, 31, 30, 31, 33, 37, 40, 41),
  IN_UNIVERSE(/* */ 31, 32, 32, 40, 41),
  IN_DEFAULT(/*  */ 32, Table.DROP, 40, 41),
  AUDIT_IN_GUARDRAIL(33, 34, 34),
  AUDIT_IN_UNIVERSE(34, 35, 35),
  AUDIT_IN_DEFAULT(35, Table.DROP),
  COMPARE(/*     */ 37, Table.DROP, 38),
  DIFFERS(/*     */ 38, Table.DROP, 63),
  PERMITTED(/*   */ 40, 50, 17, 37, 40, 42, 43, 44, 50),
  DENIED(/*      */ 41, Table.DROP, 17, 37, 41, 42, 43, 50, 60),
  SWAP(/*        */ 42, Table.DROP),
  RECORD(/*      */ 43, Table.DROP, 63),
  COMMIT(/*      */ 44, Table.DROP, 46),
  COMMITTED(/*   */ 46, Table.DROP, 50),
  DELIVER(/*     */ 50, 51, 51, 61),
  OUTPUT(/*      */ 51, Table.DROP, 52),
  TRANSMIT(/*    */ 52, Table.DROP, 62),
  // The agent's own, reached from here and filled over its local connection.
  REJECT(/*      */ 60, Table.DROP),
  TTL_EXPIRED(/* */ 61, Table.DROP),
  TOO_BIG(/*     */ 62, Table.DROP),
  LOG(/*         */ 63, Table.DROP),
  CLAIM(/*       */ 64, Table.DROP);

  private static final int DROP = -1;

  /** The tables that the agent fills, and the controller leaves alone. */
  public static final Set<Table> AGENTS = Set.of(REJECT, TTL_EXPIRED, TOO_BIG, LOG, CLAIM);

  private static final Map<Integer, Table> BY_ID =
      Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Table::id, table -> table));

  private final int id;
  private final int miss;

  /** One bit for each table that may follow; those have numbers from 1 to 64. */
  private final long next;

  Table(int id, int miss, int... next) {
    this.id = id;
    this.miss = miss;
    this.next = Arrays.stream(next).mapToLong(Table::bit).reduce(0, (all, bit) -> all | bit);
  }

  private static long bit(int id) {
    return 1L << (id - 1);
  }

  /** Its number in the switch. */
  public int id() {
    return id;
  }

  /** Where a packet goes that no flow matches; empty: it is dropped. */
  public Optional<Table> miss() {
    return miss == DROP ? Optional.empty() : of(miss);
  }

  /** Whether a packet may go on there from here. */
  public boolean leadsTo(Table other) {
    return other.id != 0 && (next & bit(other.id)) != 0;
  }

  /** The tables that may follow, in order. */
  public List<Table> next() {
    return Arrays.stream(values()).filter(this::leadsTo).toList();
  }

  /** The table of a number. */
  public static Optional<Table> of(int id) {
    return Optional.ofNullable(BY_ID.get(id));
  }

  /** Its name in lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
