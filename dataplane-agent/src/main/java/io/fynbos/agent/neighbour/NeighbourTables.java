package io.fynbos.agent.neighbour;

import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the kernel's and the switch's tables of neighbours from the text they are shown as. */
final class NeighbourTables {
  /** ATF_COM: the entry's address is complete. */
  private static final int COMPLETE = 0x2;

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private NeighbourTables() {}

  /** Who is at an address, on a device that the host calls so. */
  record Entry(IpAddress address, Mac mac, String device) {}

  /** Where the switch's tunnels send packets for an address: a neighbour on a bridge. */
  record NextHop(IpAddress address, String bridge) {}

  /** {@code /proc/net/arp}, without incomplete entries. */
  static List<Entry> kernel(List<String> lines) {
    List<Entry> entries = new ArrayList<>();
    for (String line : lines) {
      List<String> words = BLANKS.splitAsStream(line.trim()).toList();
      if (words.size() == 6 && words.get(2).startsWith("0x")) {
        try {
          if ((Integer.parseInt(words.get(2).substring(2), 16) & COMPLETE) != 0) {
            entries.add(
                new Entry(IpAddress.parse(words.get(0)), Mac.parse(words.get(3)), words.get(5)));
          }
        } catch (IllegalArgumentException e) {
          // A line of another form, such as the heading, is not an entry.
        }
      }
    }
    return entries;
  }

  /** What {@code tnl/neigh/show} prints. */
  static List<Entry> ofSwitch(String text) {
    List<Entry> entries = new ArrayList<>();
    for (String line : text.lines().toList()) {
      List<String> words = BLANKS.splitAsStream(line.trim()).toList();
      if (words.size() == 3 && !words.get(0).equals("IP")) {
        try {
          entries.add(
              new Entry(IpAddress.parse(words.get(0)), Mac.parse(words.get(1)), words.get(2)));
        } catch (IllegalArgumentException e) {
          // A line of another form, such as the heading, is not an entry.
        }
      }
    }
    return entries;
  }

  /** What {@code ovs/route/lookup} prints for a destination. */
  static Optional<NextHop> route(IpAddress destination, String text) {
    String gateway = "";
    String device = "";
    for (String line : text.lines().toList()) {
      if (line.startsWith("gateway ")) {
        gateway = line.substring(8).trim();
      } else if (line.startsWith("dev ")) {
        device = line.substring(4).trim();
      }
    }
    if (device.isEmpty()) {
      return Optional.empty();
    }
    boolean direct = gateway.isEmpty() || gateway.equals("::") || gateway.equals("0.0.0.0");
    String address = gateway.startsWith("::ffff:") ? gateway.substring(7) : gateway;
    try {
      return Optional.of(new NextHop(direct ? destination : IpAddress.parse(address), device));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
