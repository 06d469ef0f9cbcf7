package io.fynbos.labs.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One call of a tool of the machine, such as {@code ip} or {@code ovs-vsctl}. Bounded in time; what
 * it prints is kept.
 */
public record Command(
    List<String> words, Map<String, String> environment, String input, Duration limit) {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  public Command {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  /** What a tool answered. */
  public record Result(int status, String output, String errors) {}

  /** A tool that did not do what it was asked. */
  public static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(String message) {
      super(message);
    }
  }

  public static Command of(String... words) {
    return of(List.of(words));
  }

  public static Command of(List<String> words) {
    return new Command(words, Map.of(), "", LIMIT);
  }

  /** The same, run inside a namespace. */
  public Command in(Namespace namespace) {
    return new Command(namespace.prefixed(words), environment, input, limit);
  }

  /** The same, with a variable set. */
  public Command with(String variable, String value) {
    Map<String, String> more = new TreeMap<>(environment);
    more.put(variable, value);
    return new Command(words, more, input, limit);
  }

  /** The same, with this on its standard input. */
  public Command reading(String text) {
    return new Command(words, environment, text, limit);
  }

  /** The same, given up after this long. */
  public Command within(Duration longest) {
    return new Command(words, environment, input, longest);
  }

  /** Runs it, whatever its exit status. */
  public Result run() {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      var errors = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
      var output = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
      try (var standardInput = process.getOutputStream()) {
        standardInput.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException closedEarly) {
        // The tool did not read all of its input; its exit status says whether that was right.
      }
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new Failed(this + ": no answer within " + limit.toSeconds() + " s");
      }
      return new Result(process.exitValue(), output.join(), errors.join());
    } catch (IOException e) {
      throw new Failed(words.get(0) + " cannot be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failed(this + ": interrupted");
    }
  }

  /**
   * Runs it and expects exit status 0.
   *
   * @return what it printed, without the last line's end
   */
  public String succeed() {
    Result result = run();
    if (result.status() != 0) {
      String said = result.errors().isBlank() ? result.output() : result.errors();
      throw new Failed("%s: exit status %d: %s".formatted(this, result.status(), said.strip()));
    }
    return result.output().stripTrailing();
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }

  private static String text(java.io.InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Several words as one list, for commands put together from parts. */
  public static List<String> words(List<String> first, String... more) {
    List<String> all = new ArrayList<>(first);
    all.addAll(List.of(more));
    return all;
  }
}
