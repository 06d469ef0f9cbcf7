package io.fynbos.labs.runner;

import io.fynbos.labs.net.Command;
import io.fynbos.labs.net.Namespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Takes a lab away, whatever is left of it: the processes in its namespaces and those it recorded,
 * then the namespaces with every interface in them, then its records.
 */
public final class Removal {
  private static final Duration END_LIMIT = Duration.ofSeconds(10);

  private Removal() {}

  /**
   * Takes it away.
   *
   * @return whether there was anything
   */
  public static boolean of(String lab) {
    return of(lab, holder -> {});
  }

  /**
   * Takes it away.
   *
   * @param waiting told when another command holds the lab
   * @return whether there was anything
   */
  public static boolean of(String lab, Consumer<String> waiting) {
    LabDirectory records = new LabDirectory(lab);
    return records.locked(
        lock -> {
          boolean found = whileLocked(records);
          lock.delete();
          return found;
        },
        waiting);
  }

  static boolean whileLocked(LabDirectory records) {
    Set<Namespace> namespaces = namespaces(records);
    List<Long> inside = new ArrayList<>();
    namespaces.forEach(namespace -> inside.addAll(namespace.processes()));
    List<ProcessRecord> recorded =
        records.processes().stream().filter(ProcessRecord::running).toList();
    recorded.forEach(process -> process.signal("KILL"));
    if (!inside.isEmpty()) {
      List<String> kill = new ArrayList<>(List.of("kill", "-9"));
      inside.forEach(pid -> kill.add(Long.toString(pid)));
      Command.of(kill).run();
    }
    recorded.forEach(process -> process.awaitEnd(END_LIMIT));
    Await.until(() -> namespaces.stream().allMatch(each -> each.processes().isEmpty()), END_LIMIT);
    if (!namespaces.isEmpty()) {
      String lines =
          namespaces.stream()
              .map(each -> "netns del " + each.name())
              .collect(Collectors.joining("\n", "", "\n"));
      Command.of("ip", "-force", "-batch", "-").reading(lines).run();
    }
    boolean found = !namespaces.isEmpty() || !recorded.isEmpty() || records.exists();
    records.delete();
    return found;
  }

  /** Its own, also those that no record names, but none that another lab claims. */
  private static Set<Namespace> namespaces(LabDirectory records) {
    Set<Namespace> found = new TreeSet<>(records.namespaces());
    found.addAll(Namespace.named("fyn-" + records.lab() + "-"));
    LabDirectory.all().stream()
        .filter(other -> !other.lab().equals(records.lab()))
        .forEach(other -> found.removeAll(other.namespaces()));
    found.removeIf(namespace -> !namespace.exists());
    return found;
  }
}
