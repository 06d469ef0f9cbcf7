package io.fynbos.policy.reach;

import io.fynbos.policy.model.Service;
import java.util.ArrayList;
import java.util.List;

/** Sets of services in words: what they have, or what they lack when they have most. */
final class ServiceWords {
  /** From how many whole protocols in a row on they are written as a range of numbers. */
  private static final int RUN_MIN = 3;

  private ServiceWords() {}

  static String of(ServiceSet set) {
    if (set.isEmpty()) {
      return "nothing";
    }
    ServiceSet others = ServiceSet.ALL.subtract(set);
    if (others.isEmpty()) {
      return "all";
    }
    return set.most()
        ? "all except " + String.join(", ", words(others))
        : String.join(", ", words(set));
  }

  private static List<String> words(ServiceSet set) {
    List<ServiceSet.Range> ranges = set.ranges();
    List<String> words = new ArrayList<>();
    int i = 0;
    while (i < ranges.size()) {
      int end = i;
      while (end < ranges.size()
          && ranges.get(end).whole()
          && ranges.get(end).protocol() == ranges.get(i).protocol() + end - i) {
        end++;
      }
      if (end - i >= RUN_MIN) {
        words.add(
            "protocols %d-%d".formatted(ranges.get(i).protocol(), ranges.get(end - 1).protocol()));
        i = end;
      } else {
        word(ranges.get(i), words);
        i++;
      }
    }
    return words;
  }

  private static void word(ServiceSet.Range range, List<String> words) {
    String name = name(range.protocol());
    if (range.whole()) {
      words.add(name);
    } else if (Service.isIcmp(range.protocol())) {
      icmp(name, range.first(), range.last(), words);
    } else {
      words.add(name + "/" + span(range.first(), range.last()));
    }
  }

  /** The protocol's word in documents, or its number. */
  static String name(int protocol) {
    return switch (protocol) {
      case Service.TCP -> "tcp";
      case Service.UDP -> "udp";
      case Service.SCTP -> "sctp";
      case Service.ICMP -> "icmp";
      case Service.ICMPV6 -> "icmpv6";
      default -> "protocol " + protocol;
    };
  }

  /** Whole types, with the codes of a type that is there in part before and after them. */
  private static void icmp(String name, int first, int last, List<String> words) {
    int firstType = first >> 8;
    int lastType = last >> 8;
    int firstCode = first & 0xff;
    int lastCode = last & 0xff;
    boolean oneInPart = firstType == lastType && (firstCode > 0 || lastCode < 0xff);
    if (oneInPart) {
      words.add("%s/%d.%s".formatted(name, firstType, span(firstCode, lastCode)));
      return;
    }
    if (firstCode > 0) {
      words.add("%s/%d.%s".formatted(name, firstType, span(firstCode, 0xff)));
      firstType++;
    }
    int whole = lastCode < 0xff ? lastType - 1 : lastType;
    if (firstType <= whole) {
      words.add(name + "/" + span(firstType, whole));
    }
    if (lastCode < 0xff) {
      words.add("%s/%d.%s".formatted(name, lastType, span(0, lastCode)));
    }
  }

  private static String span(int first, int last) {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
