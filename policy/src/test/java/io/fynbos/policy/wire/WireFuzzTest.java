package io.fynbos.policy.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fynbos.policy.RandomImages;
import io.fynbos.policy.decide.Attachment;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.image.Snapshot;
import io.fynbos.policy.model.HostName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Documents with random damage are read, or refused by a {@link WireError}; nothing else ever
 * happens.
 */
class WireFuzzTest {
  private static final List<String> SCRAPS =
      List.of(
          "null",
          "\"\"",
          "[]",
          "{}",
          "-1",
          "1e999",
          "true",
          "*a",
          "&a ",
          "---\n",
          "!!int ",
          "? ",
          "\u0000",
          "99999999999999999999999999",
          "\\ud800",
          "::",
          "/",
          "%",
          "\t",
          "- ",
          ": ",
          "#",
          "<<: ",
          "'");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void damagedDocumentsAreReadOrRefusedWithAPath(long seed) throws WireError {
    Random random = new Random(seed);
    byte[] yaml = DocumentsTest.CONTRACT.getBytes(UTF_8);
    byte[] json = Documents.toJson(Documents.parse(yaml));
    int refused = 0;
    for (int i = 0; i < 1500; i++) {
      byte[] damaged = damage(random, random.nextBoolean() ? yaml : json);
      try {
        Documents.parse(damaged);
      } catch (WireError e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError(
            "seed %d, step %d: %s".formatted(seed, i, new String(damaged, UTF_8)), e);
      }
    }
    assertThat(refused).isGreaterThan(500);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void damagedChangesAndReportsAreReadOrRefused(long seed) {
    Random random = new Random(seed);
    RandomImages images = RandomImages.complete(seed);
    Image image = images.image(RandomImages.Size.SMALL);
    List<Change> changes = Snapshot.of(image).values().stream().flatMap(List::stream).toList();
    byte[] stored = Changes.encode(changes);
    Attachment attachment = new Attachment(new UUID(1, 2), 3, Optional.empty());
    byte[] report = HostMessages.writeBindings(List.of(attachment, attachment), true);
    int refused = 0;
    for (int i = 0; i < 1500; i++) {
      try {
        Changes.decode(damage(random, stored));
        HostMessages.readBindings(new HostName("h1"), damage(random, report));
      } catch (WireError e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(500);
  }

  private static byte[] damage(Random random, byte[] whole) {
    byte[] bytes = whole;
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times; i++) {
      int at = random.nextInt(bytes.length);
      int end = Math.min(bytes.length, at + random.nextInt(8));
      bytes =
          switch (random.nextInt(5)) {
            case 0 -> flipped(bytes, at, random.nextInt(8));
            case 1 -> joined(bytes, at, new byte[0], end);
            case 2 ->
                joined(bytes, at, SCRAPS.get(random.nextInt(SCRAPS.size())).getBytes(UTF_8), end);
            case 3 -> joined(bytes, at, Arrays.copyOfRange(bytes, at, end), at);
            default -> Arrays.copyOf(bytes, Math.max(1, at));
          };
    }
    return bytes;
  }

  private static byte[] flipped(byte[] bytes, int at, int bit) {
    byte[] copy = bytes.clone();
    copy[at] ^= (byte) (1 << bit);
    return copy;
  }

  private static byte[] joined(byte[] bytes, int at, byte[] middle, int end) {
    byte[] joined = new byte[at + middle.length + bytes.length - end];
    System.arraycopy(bytes, 0, joined, 0, at);
    System.arraycopy(middle, 0, joined, at, middle.length);
    System.arraycopy(bytes, end, joined, at + middle.length, bytes.length - end);
    return joined;
  }
}
