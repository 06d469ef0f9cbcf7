package io.fynbos.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class AgentMainTest {
  private static final List<String> GOOD =
      List.of(
          "--host=h1",
          "--underlay=172.31.0.1",
          "--controller-api=http://10.255.0.1:8181",
          "--openflow=tcp:10.255.0.1:6653");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --host=H_1                    | a host name
          --underlay=172.31.0           | 172.31.0
          --underlay=fd00::1            | tunnels run over IPv4, not fd00::1
          --controller-api=10.0.0.1     | expected http://HOST:PORT, found '10.0.0.1'
          --controller-api=ftp://x:1    | expected http://HOST:PORT, found 'ftp://x:1'
          --openflow=10.0.0.1:6653      | expected tcp:IP:PORT or ssl:IP:PORT, found '10.0.0.1:6653'
          --openflow=tcp:name:6653      | expected tcp:IP:PORT or ssl:IP:PORT
          --ovsdb=/run/db.sock          | expected unix:PATH or tcp:IP:PORT, found '/run/db.sock'
          --ovsdb=tcp:10.0.0.1:x        | expected unix:PATH or tcp:IP:PORT
          --datapath-type=fast          | expected system or netdev, found 'fast'
          --speed=9                     | Unknown option: '--speed=9'
          """)
  void aWrongOptionIsRefusedWithWhatWasExpected(String option, String message) {
    List<String> arguments = new ArrayList<>(GOOD);
    arguments.removeIf(good -> option.startsWith(good.substring(0, good.indexOf('=') + 1)));
    arguments.add(option);
    assertThat(refusal(arguments)).contains(message);
  }

  @Test
  void whatMustBeGivenIsNamedWhenMissing() {
    assertThat(refusal(List.of()))
        .contains("Missing required options", "--host=NAME", "--controller-api=URL");
  }

  private static String refusal(List<String> arguments) {
    StringWriter errors = new StringWriter();
    CommandLine command = AgentMain.commandLine().setErr(new PrintWriter(errors));
    assertThat(command.execute(arguments.toArray(String[]::new))).isEqualTo(2);
    return errors.toString();
  }
}
