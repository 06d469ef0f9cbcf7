package io.fynbos.labs.net;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;

/** A named network namespace of this machine, as {@code ip netns} knows it. */
public record Namespace(String name) implements Comparable<Namespace> {
  private static final Path DIRECTORY = Path.of("/run/netns");

  public boolean exists() {
    return Files.exists(path());
  }

  /** The same words, as a command that runs them inside. */
  public List<String> prefixed(List<String> words) {
    List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", name));
    inside.addAll(words);
    return inside;
  }

  /** Runs {@code ip -batch} inside: one line for each setting, the first failure ends it. */
  public void configure(List<String> lines) {
    Command.of("ip", "-n", name, "-batch", "-").reading(String.join("\n", lines) + "\n").succeed();
  }

  /** Writes a setting of the namespace's own stack, by its path below {@code /proc/sys/net}. */
  public void set(String setting, String value) {
    inside(() -> Files.writeString(Path.of("/proc/sys/net", setting), value));
  }

  /** The processes whose main thread is inside. */
  public List<Long> processes() {
    return Command.of("ip", "netns", "pids", name)
        .run()
        .output()
        .lines()
        .map(line -> Long.valueOf(line.strip()))
        .toList();
  }

  /**
   * Calls this on a thread that is inside the namespace. Sockets opened there stay inside for ever,
   * whoever uses them later.
   */
  public <T> T inside(Callable<T> action) {
    FutureTask<T> task = new FutureTask<>(action);
    threads("in-" + name).newThread(task).start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  /** Makes threads that live inside the namespace, and so do the threads they start. */
  public ThreadFactory threads(String threadName) {
    return action -> {
      Thread thread =
          new Thread(
              () -> {
                Libc.enterNetworkNamespace(path());
                action.run();
              },
              threadName);
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public int compareTo(Namespace other) {
    return name.compareTo(other.name);
  }

  /** Every namespace of the machine whose name begins so. */
  public static List<Namespace> named(String prefix) {
    try (var files = Files.list(DIRECTORY)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .sorted()
          .map(Namespace::new)
          .toList();
    } catch (java.io.IOException none) {
      return List.of();
    }
  }

  private Path path() {
    return DIRECTORY.resolve(name);
  }
}
