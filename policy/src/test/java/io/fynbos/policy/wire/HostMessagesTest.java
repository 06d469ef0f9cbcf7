package io.fynbos.policy.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fynbos.policy.decide.Attachment;
import io.fynbos.policy.decide.Command;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.Revision;
import io.fynbos.policy.report.AppliedReport;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostMessagesTest {
  private static final HostName H1 = new HostName("h1");
  private static final UUID ID = UUID.fromString("6f1c0a52-9f0e-4d8e-9a61-2f4f6f1c0a52");

  @Test
  void bindingsAreReadAsPrinted() throws WireError {
    List<Attachment> attachments =
        List.of(
            new Attachment(ID, 5, Optional.of(Mac.parse("02:00:00:00:00:01"))),
            new Attachment(new UUID(1, 2), 6, Optional.empty()));
    byte[] bytes = HostMessages.writeBindings(attachments, true);
    assertThat(new String(bytes, UTF_8))
        .isEqualTo(
            "{\"bindings\":[{\"id\":\"6f1c0a52-9f0e-4d8e-9a61-2f4f6f1c0a52\",\"ofport\":5,\"mac\":\"02:00:00:00:00:01\"},"
                + "{\"id\":\"00000000-0000-0001-0000-000000000002\",\"ofport\":6}],\"complete\":true}");
    assertThat(HostMessages.readBindings(H1, bytes))
        .isEqualTo(new Command.SetBindings(H1, attachments, true));
  }

  @Test
  void theAnswerSaysWhatBecameOfEach() throws WireError {
    Attachment bound = new Attachment(ID, 5, Optional.empty());
    Attachment unknown = new Attachment(new UUID(1, 2), 6, Optional.empty());
    HostMessages.BindingsAnswer answer =
        HostMessages.BindingsAnswer.of(
            new Revision(9),
            List.of(
                new Attachment.Judged(
                    bound, Optional.of(EndpointRef.of("blue", "web1")), Attachment.State.BOUND),
                new Attachment.Judged(unknown, Optional.empty(), Attachment.State.MAC_DIFFERS)));
    byte[] bytes = HostMessages.writeAnswer(answer);
    assertThat(new String(bytes, UTF_8))
        .isEqualTo(
            "{\"revision\":9,\"bindings\":[{\"id\":\"6f1c0a52-9f0e-4d8e-9a61-2f4f6f1c0a52\",\"endpoint\":\"blue/web1\",\"state\":\"bound\"},"
                + "{\"id\":\"00000000-0000-0001-0000-000000000002\",\"endpoint\":null,\"state\":\"mac-differs\"}]}");
    assertThat(HostMessages.readAnswer(bytes)).isEqualTo(answer);
  }

  @Test
  void revisionsAndReportsAreReadAsPrinted() throws WireError {
    byte[] revision = HostMessages.writeRevision(new Revision(12));
    assertThat(new String(revision, UTF_8)).isEqualTo("{\"revision\":12}");
    assertThat(HostMessages.readRevision(revision)).isEqualTo(new Revision(12));
    AppliedReport report =
        new AppliedReport(
            new Revision(3), false, List.of(H1), List.of(new HostName("h2")), List.of());
    byte[] bytes = HostMessages.writeReport(report);
    assertThat(new String(bytes, UTF_8))
        .isEqualTo(
            "{\"revision\":3,\"applied\":false,\"waitingFor\":[\"h1\"],\"unreachable\":[\"h2\"],\"fenced\":[]}");
    assertThat(HostMessages.readReport(bytes)).isEqualTo(report);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {} | bindings: expected this field, found nothing
          {"bindings": {}} | bindings: expected a list, found an object
          {"bindings": [{"id": "x", "ofport": 1}]} | bindings[0].id: expected a UUID such as 6f1c0a52-9f0e-4d8e-9a61-2f4f6f1c0a52, found "x": Invalid UUID string: x
          {"bindings": [{"id": "6f1c0a52-9f0e-4d8e-9a61-2f4f6f1c0a52", "ofport": 0}]} | bindings[0].ofport: expected an integer from 1 to 65279, found the number 0
          {"bindings": [], "complete": "yes"} | complete: expected true or false, found "yes"
          {"bindings": [], "host": "h1"} | host: expected one of the fields bindings, complete, found an unknown field
          """)
  void whatIsWrongWithBindings(String text, String message) {
    WireError error =
        catchThrowableOfType(
            WireError.class, () -> HostMessages.readBindings(H1, text.getBytes(UTF_8)));
    assertThat(error.getMessage()).isEqualTo(message);
  }
}
