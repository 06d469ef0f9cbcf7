package io.fynbos.controller.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fynbos.openflow.wire.Match;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FlowTest {
  @Test
  void aGotoToATableThatIsNotDeclaredThrows() {
    assertThatThrownBy(() -> Flow.in(Table.ADMISSION, 1).goTo(Table.DELIVER))
        .hasMessage("table admission does not lead to 50: deliver");
  }

  @Test
  void soDoResubmitAndTracking() {
    assertThatThrownBy(() -> Flow.in(Table.ROUTE, 1).through(Table.SWAP))
        .hasMessage("table route does not lead to 42: swap");
    assertThatThrownBy(() -> Flow.in(Table.CONNTRACK, 1).ip(false).track(Table.ROUTE))
        .hasMessage("table conntrack does not lead to 12: route");
    assertThatThrownBy(() -> Flow.in(Table.COMMIT, 1).ip(true).commit(Table.DELIVER))
        .hasMessage("table commit does not lead to 50: deliver");
  }

  @Test
  void everyTableIsReachedFromTheFirst() {
    Set<Table> reached = new HashSet<>();
    reach(Table.ADMISSION, reached);
    assertThat(reached).containsExactlyInAnyOrder(Table.values());
  }

  private static void reach(Table table, Set<Table> reached) {
    if (reached.add(table)) {
      table.next().forEach(next -> reach(next, reached));
    }
  }

  @Test
  void whatAMissDoesIsAmongWhatMayFollow() {
    for (Table table : Table.values()) {
      table.miss().ifPresent(miss -> assertThat(table.leadsTo(miss)).as(table.text()).isTrue());
    }
  }

  @Test
  void flagsAreOneFieldOfTheMatch() {
    Match match =
        Flow.in(Table.OUTPUT, 1)
            .is(Flag.FROM_GUEST)
            .isNot(Flag.RECEIVER_LOCAL)
            .goTo(Table.TRANSMIT)
            .match();
    assertThat(match).hasToString("reg4=0x1/0x3");
  }

  @Test
  void noTwoFlagsShareABit() {
    int all = 0;
    for (Flag flag : Flag.values()) {
      assertThat(all & flag.mask()).as(flag.name()).isZero();
      all |= flag.mask();
    }
  }

  @Test
  void aCookieNamesItsObject() {
    Cookie rule = new Cookie(Cookie.Kind.RULE, 7 << 10 | 3);
    assertThat(rule.value()).isEqualTo(0x0105_0000_0000_1c03L);
    assertThat(Cookie.of(rule.value())).contains(rule);
    assertThat(Cookie.of(0)).isEmpty();
    assertThat(Cookie.of(0x0205_0000_0000_0001L)).isEmpty();
    assertThat(Cookie.ofController(rule.value())).isTrue();
  }

  @Test
  void aNumberThatDoesNotFitACookieThrows() {
    assertThatThrownBy(() -> new Cookie(Cookie.Kind.ENDPOINT, 1L << 48))
        .hasMessageContaining("48 bits");
  }
}
