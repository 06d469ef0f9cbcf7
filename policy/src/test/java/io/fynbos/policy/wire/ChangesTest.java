package io.fynbos.policy.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fynbos.policy.image.Change;
import io.fynbos.policy.model.Binding;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.GroupName;
import io.fynbos.policy.model.HostName;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.PolicyNumber;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.model.UniverseNumber;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pcollections.TreePSet;

class ChangesTest {
  @Test
  void theStoredFormIsCompactAndHasAVersion() throws WireError {
    List<Change> changes =
        List.of(
            new Change.IdentityAdded(
                new Identity(17),
                new UniverseName("blue"),
                new UniverseNumber(16),
                TreePSet.singleton(new GroupName("web"))),
            new Change.BindingPut(
                new Binding(EndpointRef.of("blue", "web1"), new HostName("h1"), 5, 9)),
            new Change.UniverseNumberRested(new UniverseNumber(18)),
            new Change.PolicyNumberRested(new PolicyNumber(3)));
    byte[] bytes = Changes.encode(changes);
    assertThat(new String(bytes, UTF_8))
        .isEqualTo(
            "{\"v\":1,\"changes\":["
                + "{\"type\":\"IdentityAdded\",\"identity\":17,\"universe\":\"blue\",\"number\":16,\"groups\":[\"web\"]},"
                + "{\"type\":\"BindingPut\",\"name\":\"blue/web1\",\"host\":\"h1\",\"ofport\":5,\"generation\":9},"
                + "{\"type\":\"UniverseNumberRested\",\"number\":18},"
                + "{\"type\":\"PolicyNumberRested\",\"number\":3}]}");
    assertThat(Changes.decode(bytes)).isEqualTo(changes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"v":2,"changes":[]} | v: expected an integer from 1 to 1, found the number 2
          {"changes":[]} | v: expected this field, found nothing
          {"v":1,"changes":[{"type":"Nothing"}]} | changes[0].type: expected the type of a change, found "Nothing"
          {"v":1,"changes":[{"type":"PolicyNumberReleased","number":0}]} | changes[0]: expected a change, found one that cannot be: a policy's number is 1 to 4194303, not 0
          {"v":1,"changes":[{"type":"EndpointPut","object":{"kind":"Pool","name":"p","prefixes":["10.0.0.0/8"]},"identity":16}]} | changes[0].object: expected an object of the kind that the change is about, found an object
          {"v":1,"changes":[{"type":"EndpointPut","object":{"kind":"Endpoint","universe":"b","name":"p"},"identity":16}]} | changes[0]: expected an endpoint with its id and mac, found an object
          """)
  void whatIsNotOursIsRefused(String text, String message) {
    WireError error =
        catchThrowableOfType(WireError.class, () -> Changes.decode(text.getBytes(UTF_8)));
    assertThat(error.getMessage()).isEqualTo(message);
  }
}
