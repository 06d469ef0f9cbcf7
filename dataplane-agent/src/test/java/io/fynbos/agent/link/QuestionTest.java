package io.fynbos.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionTest {
  private static Question read(String json) {
    try {
      return Question.decode(new ObjectMapper().readTree(json.replace('\'', '"'))).orElseThrow();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Question trace(String flow) {
    return read("{'id': 7, 'what': 'trace', 'flow': '" + flow + "'}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "in_port=5,tcp,nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_src=40000,tp_dst=5432",
        "in_port=5,dl_src=02:00:00:00:00:07,dl_dst=0e:00:00:00:00:01,icmp,icmp_type=8,nw_ttl=64",
        "in_port=65000,tun_src=172.31.0.1,tun_id=0x12,udp6,ipv6_src=fd00:7::1,ipv6_dst=fd00:7::2",
        "tcp,ct_state=+trk+est,ct_zone=18,tcp_flags=+syn-ack,ip_frag=first",
        "ct_state=trk|new,ct_nw_src=10.0.0.0/8",
      })
  void aFlowOfKnownFieldsIsTraced(String flow) {
    assertThat(trace(flow)).isEqualTo(new Question.Trace(7, Question.DEADLINE, List.of(flow)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-generate",
        "--ct-next",
        "tcp -generate",
        "tcp,-generate",
        "tcp,",
        ",tcp",
        "tcp,,nw_ttl=1",
        "br-phy",
        "in_port=tap1",
        "in_port=p0-generate",
        "in_port=-1",
        "in_port=",
        "tcp,nw_src=10.0.0.1 actions=output:1",
        "tcp,nw_src=$(id)",
        "tcp,nw_src=10.0.0.1;flush",
        "tcp,nw_src=10.0.0.1\\n",
        "tcp,nw_src=a\\u0000b",
        "actions=drop",
        "skb_priority(0)",
        "eth(src=02:00:00:00:00:07)",
        "reg0=1",
        "TCP",
        "tcp=",
        "recirc_id=1",
      })
  void whatIsNoFlowOrMayNotBeAskedIsRefused(String flow) {
    assertThat(trace(flow)).isInstanceOf(Question.Refused.class);
  }

  @Test
  void aFlowHasABound() {
    assertThat(trace("tcp," + "nw_ttl=1,".repeat(70) + "ip")).isInstanceOf(Question.Refused.class);
    assertThat(trace("nw_ttl=" + "1".repeat(100))).isInstanceOf(Question.Refused.class);
    assertThat(trace("nw_ttl=1,".repeat(400) + "ip")).isInstanceOf(Question.Refused.class);
    Question refused = trace("<script>".repeat(100));
    assertThat(((Question.Refused) refused).why().length()).isLessThan(120);
  }

  @Test
  void aTraceMayTellWhatConnectionTrackingFinds() {
    assertThat(
            read("{'id': 1, 'what': 'trace', 'flow': 'tcp', 'ctNext': ['trk,est', 'trk,rpl,est']}"))
        .isEqualTo(
            new Question.Trace(
                1,
                Question.DEADLINE,
                List.of("tcp", "--ct-next", "trk,est", "--ct-next", "trk,rpl,est")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'id': 1, 'what': 'trace'}; flow: expected 1 to 2048 characters, found 0",
        "{'id': 1, 'what': 'trace', 'flow': 'tcp', 'ctNext': ['-generate']}; no state",
        "{'id': 1, 'what': 'trace', 'flow': 'tcp', 'ctNext': ['']}; no state",
        "{'id': 1, 'what': 'trace', 'flow': 'tcp', 'ctNext': ['','','','','','','','','']}; 8",
        "{'id': 1, 'what': 'connections'}; universes: expected a list",
        "{'id': 1, 'what': 'connections', 'universes': [0]}; universes: expected a number",
        "{'id': 1, 'what': 'connections', 'universes': [65536]}; universes: expected a number",
        "{'id': 1, 'what': 'connections', 'universes': ['18 zone=0']}; expected a number",
        "{'id': 1, 'what': 'connections', 'universes': [18], 'limit': -1}; limit: expected",
        "{'id': 1, 'what': 'connections', 'universes': [18], 'deadlineMillis': 60000}; 10000",
        "{'id': 1, 'what': 'dance'}; expected trace or connections",
        "{'id': 1}; expected trace or connections",
      })
  void whatIsWrongIsSaid(String json, String why) {
    assertThat(((Question.Refused) read(json)).why()).contains(why);
  }

  @Test
  void connectionsAreAskedForZoneByZoneWithALimit() {
    assertThat(read("{'id': 8, 'what': 'connections', 'universes': [19, 18, 19], 'limit': 5}"))
        .isEqualTo(new Question.Connections(8, Question.DEADLINE, List.of(18, 19), 5));
    assertThat(
            read(
                "{'id': 8, 'what': 'connections', 'universes': [18], 'limit': 2000000,"
                    + " 'deadlineMillis': 500}"))
        .isEqualTo(
            new Question.Connections(
                8, Duration.ofMillis(500), List.of(18), Question.CONNECTIONS_MAX));
  }
}
