package io.fynbos.labs.cases;

import io.fynbos.labs.check.Fate;
import io.fynbos.labs.check.ProbeService;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.UniverseName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One line of a table: {@code FROM -> TO SERVICE… allow|deny|reject [ipv4|ipv6]}. Ends are names of
 * endpoints, several with commas between them, {@code *} in a name standing for anything; a service
 * is {@code tcp/80}, {@code icmp/3/1}, {@code proto/47} or {@code ping}. A line is about every
 * packet from one of the first to one of the second, in both families unless it names one.
 */
record Row(
    String place,
    List<String> from,
    List<String> to,
    List<String> services,
    Fate fate,
    Optional<Boolean> v6Only) {
  private static final Pattern SPACE = Pattern.compile("\\s+");

  Row {
    from = List.copyOf(from);
    to = List.copyOf(to);
    services = List.copyOf(services);
  }

  static Row parse(String place, String line) {
    String[] words = SPACE.split(line.strip());
    Optional<Boolean> v6Only =
        switch (words[words.length - 1]) {
          case "ipv4" -> Optional.of(false);
          case "ipv6" -> Optional.of(true);
          default -> Optional.empty();
        };
    int verdict = words.length - (v6Only.isPresent() ? 2 : 1);
    if (verdict < 4 || !words[1].equals("->")) {
      throw new CaseException(
          place, "expected FROM -> TO SERVICE… VERDICT [ipv4|ipv6], found '" + line.strip() + "'");
    }
    return new Row(
        place,
        names(words[0]),
        names(words[2]),
        List.of(words).subList(3, verdict),
        fate(place, words[verdict]),
        v6Only);
  }

  private static List<String> names(String text) {
    return List.of(text.split(",", -1));
  }

  private static Fate fate(String place, String word) {
    for (Fate fate : Fate.values()) {
      if (fate.word().equals(word)) {
        return fate;
      }
    }
    throw new CaseException(place, "expected allow, deny or reject, found '" + word + "'");
  }

  /** Every packet that this line is about. */
  List<Expected> packets(Image image, UniverseName universe) {
    List<Expected> packets = new ArrayList<>();
    for (Endpoint sender : endpoints(image, universe, from)) {
      for (Endpoint receiver : endpoints(image, universe, to)) {
        if (!sender.ref().equals(receiver.ref())) {
          between(sender, receiver, packets);
        }
      }
    }
    if (packets.isEmpty()) {
      throw new CaseException(place, "no packet is meant by this line");
    }
    return packets;
  }

  private void between(Endpoint sender, Endpoint receiver, List<Expected> packets) {
    for (boolean v6 : new boolean[] {false, true}) {
      Optional<IpAddress> source = address(sender, v6);
      Optional<IpAddress> destination = address(receiver, v6);
      if (v6Only.filter(only -> only != v6).isPresent()
          || source.isEmpty()
          || destination.isEmpty()) {
        continue;
      }
      for (String text : services) {
        ProbeService service =
            ProbeService.parse(text, v6)
                .orElseThrow(() -> new CaseException(place, "'" + text + "' is no service"));
        if (service.fits(v6)) {
          packets.add(
              new Expected(sender, source.get(), receiver, destination.get(), service, fate));
        }
      }
    }
  }

  private static Optional<IpAddress> address(Endpoint endpoint, boolean v6) {
    return endpoint.addresses().stream().filter(each -> each.v6() == v6).findFirst();
  }

  private List<Endpoint> endpoints(Image image, UniverseName universe, List<String> names) {
    List<Endpoint> found = new ArrayList<>();
    for (String name : names) {
      String full = name.contains("/") ? name : universe + "/" + name;
      Pattern wanted = Pattern.compile("\\Q" + full.replace("*", "\\E[a-z0-9-]*\\Q") + "\\E");
      List<Endpoint> meant =
          World.endpoints(image).stream()
              .filter(endpoint -> wanted.matcher(endpoint.ref().toString()).matches())
              .toList();
      if (meant.isEmpty()) {
        throw new CaseException(place, "there is no endpoint '" + name + "'");
      }
      found.addAll(meant);
    }
    return found;
  }
}
