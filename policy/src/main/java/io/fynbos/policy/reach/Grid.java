package io.fynbos.policy.reach;

import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Action;
import io.fynbos.policy.model.Direction;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.EndpointRef;
import io.fynbos.policy.model.Internet;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Prefix;
import io.fynbos.policy.model.ServiceAddress;
import io.fynbos.policy.model.Stage;
import io.fynbos.policy.model.Tier;
import io.fynbos.policy.model.Universe;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.reach.Spot.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * Senders by receivers of one universe, each in classes, and what passes between two classes. It
 * remembers what it has worked out, so one thread uses it.
 */
final class Grid {
  private final Image image;
  private final UniverseName name;
  private final Cuts cuts;
  private final Lines out;
  private final Lines in;
  private final States outStates;
  private final States inStates;
  private final Products products;
  private final Side senders = new Side();
  private final Side receivers = new Side();

  private Grid(Image image, UniverseName name, Rules rules, Cuts cuts) {
    this.image = image;
    this.name = name;
    this.cuts = cuts;
    this.out = rules.out;
    this.in = rules.in;
    Optional<Universe> universe = image.universe(name);
    this.outStates =
        new States(out.all(), universe.map(u -> u.defaultOf(Direction.OUT)).orElse(Action.DENY));
    this.inStates =
        new States(in.all(), universe.map(u -> u.defaultOf(Direction.IN)).orElse(Action.DENY));
    this.products = new Products(outStates, inStates);
  }

  /** The rules of a universe, of both directions. */
  record Rules(Lines out, Lines in) {
    static Rules of(Image image, UniverseName universe, Set<Stage> stages) {
      return new Rules(
          Lines.of(image, universe, Direction.OUT, stages),
          Lines.of(image, universe, Direction.IN, stages));
    }

    /** The prefixes along which they, and the universe, tell addresses apart. */
    void cutsTo(Image image, UniverseName universe, Collection<Prefix> prefixes) {
      out.cutsTo(prefixes);
      in.cutsTo(prefixes);
      image.universe(universe).ifPresent(u -> prefixes.addAll(u.prefixes()));
      for (ServiceAddress service : ServiceAddress.values()) {
        service.addresses().forEach(address -> prefixes.add(Prefix.of(address)));
      }
    }
  }

  /**
   * The grid of a universe.
   *
   * @param from which endpoints are senders; asked about nobody for the addresses outside
   * @param to which are receivers
   */
  static Grid of(
      Image image,
      UniverseName universe,
      Set<Stage> stages,
      Predicate<Optional<Endpoint>> from,
      Predicate<Optional<Endpoint>> to) {
    Rules rules = Rules.of(image, universe, stages);
    Set<Prefix> prefixes = new TreeSet<>();
    rules.cutsTo(image, universe, prefixes);
    return of(image, universe, rules, new Cuts(prefixes), from, to);
  }

  static Grid of(
      Image image,
      UniverseName universe,
      Rules rules,
      Cuts cuts,
      Predicate<Optional<Endpoint>> from,
      Predicate<Optional<Endpoint>> to) {
    Grid grid = new Grid(image, universe, rules, cuts);
    for (EndpointRef ref : image.endpointsOf(universe)) {
      Endpoint endpoint = image.endpoint(ref).orElseThrow();
      if (from.test(Optional.of(endpoint))) {
        grid.addSender(endpoint);
      }
      if (to.test(Optional.of(endpoint))) {
        grid.addReceiver(endpoint);
      }
    }
    if (to.test(Optional.empty())) {
      grid.addServices();
    }
    image
        .universe(universe)
        .filter(u -> u.internet() != Internet.NONE)
        .ifPresent(u -> grid.addOutside(u, from.test(Optional.empty()), to.test(Optional.empty())));
    return grid;
  }

  private void addSender(Endpoint endpoint) {
    List<Prefix> addresses = own(endpoint);
    addresses.addAll(endpoint.allowedAddresses());
    BitSet subject = out.applyingTo(endpoint);
    BitSet peer = in.withPeer(endpoint);
    spots(endpoint, addresses)
        .forEach(spot -> senders.add(spot, subject, with(peer, in, spot.atom())));
  }

  /** Packets to a shared address go to one of those that are allowed it. */
  private void addReceiver(Endpoint endpoint) {
    List<Prefix> addresses = own(endpoint);
    for (Prefix allowed : endpoint.allowedAddresses()) {
      if (image.endpointAt(name, allowed.first()).equals(Optional.of(endpoint))
          || !allowed.single()) {
        addresses.add(allowed);
      }
    }
    BitSet subject = in.applyingTo(endpoint);
    BitSet peer = out.withPeer(endpoint);
    spots(endpoint, addresses)
        .forEach(spot -> receivers.add(spot, subject, with(peer, out, spot.atom())));
  }

  private static List<Prefix> own(Endpoint endpoint) {
    List<Prefix> addresses = new ArrayList<>();
    endpoint.addresses().forEach(address -> addresses.add(Prefix.of(address)));
    return addresses;
  }

  private static BitSet with(BitSet peer, Lines lines, Prefix atom) {
    if (lines.blindToAddresses()) {
      return peer;
    }
    BitSet both = (BitSet) peer.clone();
    both.or(lines.withAtom(atom));
    return both;
  }

  /** An endpoint's addresses by the atoms that they are in. */
  private List<Spot> spots(Endpoint endpoint, List<Prefix> addresses) {
    Map<Prefix, List<Prefix>> byAtom = new TreeMap<>();
    for (Prefix prefix : addresses) {
      for (Prefix atom : cuts.atomsOf(prefix)) {
        byAtom.computeIfAbsent(atom, a -> new ArrayList<>()).addAll(cuts.part(prefix, atom));
      }
    }
    List<Spot> spots = new ArrayList<>();
    byAtom.forEach(
        (atom, parts) ->
            spots.add(
                new Spot(
                    Optional.of(endpoint.ref()),
                    Optional.empty(),
                    atom,
                    parts.stream().sorted().distinct().toList())));
    return spots;
  }

  private void addOutside(Universe universe, boolean from, boolean to) {
    for (Prefix atom : cuts.atoms()) {
      boolean service = atom.single() && ServiceAddress.of(atom.first()).isPresent();
      if (universe.contains(atom) || service) {
        continue;
      }
      Spot spot = new Spot(Optional.empty(), Optional.empty(), atom, List.of(atom));
      if (from) {
        senders.add(spot, new BitSet(), with(in.withAnyone(), in, atom));
      }
      if (to) {
        receivers.add(spot, new BitSet(), with(out.withAnyone(), out, atom));
      }
    }
  }

  /** The fabric's services answer in every universe, as far as guardrails do not say otherwise. */
  private void addServices() {
    BitSet guardrails = out.ofTier(Tier.GUARDRAIL);
    for (ServiceAddress service : ServiceAddress.values()) {
      for (IpAddress address : service.addresses()) {
        Prefix atom = Prefix.of(address);
        BitSet peer = (BitSet) with(out.withAnyone(), out, atom).clone();
        peer.and(guardrails);
        receivers.add(
            new Spot(Optional.empty(), Optional.of(service), atom, List.of(atom)),
            new BitSet(),
            peer);
      }
    }
  }

  Side senders() {
    return senders;
  }

  Side receivers() {
    return receivers;
  }

  /** The atom that an address is in. */
  Prefix atomOf(IpAddress address) {
    return cuts.around(address);
  }

  /** The addresses of an atom outside, written as the fewest prefixes. */
  List<Prefix> addressesOf(Prefix atom) {
    return cuts.part(atom, atom);
  }

  /** What passes from a class of senders to a class of receivers; a class of -1 has nobody. */
  ServiceSet services(int from, int to) {
    if (from < 0 || to < 0 || (senders.families(from) & receivers.families(to)) == 0) {
      return ServiceSet.NONE;
    }
    return products.of(
        senders.kind(from),
        end(outStates, senders.subject(from), receivers.peer(to)),
        receivers.kind(to),
        end(inStates, receivers.subject(to), senders.peer(from)));
  }

  /** Whether some member of a class of senders could send to some member of one of receivers. */
  boolean connected(int from, int to) {
    if ((senders.families(from) & receivers.families(to)) == 0
        || (senders.kind(from) != Kind.ENDPOINT && receivers.kind(to) != Kind.ENDPOINT)) {
      return false;
    }
    for (Spot sender : senders.members(from)) {
      for (Spot receiver : receivers.members(to)) {
        boolean itself =
            sender.endpoint().isPresent() && sender.endpoint().equals(receiver.endpoint());
        if (!itself && sender.family() == receiver.family()) {
          return true;
        }
      }
    }
    return false;
  }

  private static int end(States states, BitSet subject, BitSet peer) {
    BitSet matching = (BitSet) subject.clone();
    matching.and(peer);
    int state = States.START;
    for (int i = matching.nextSetBit(0); i >= 0; i = matching.nextSetBit(i + 1)) {
      state = states.step(state, i);
    }
    return state;
  }

  /** What passes from each class of senders to each class of receivers. */
  ServiceSet[][] table() {
    BitSet[] peers = byLine(out.all().size(), receivers.size(), receivers::peer);
    BitSet[] subjects = byLine(in.all().size(), receivers.size(), receivers::subject);
    ServiceSet[][] table = new ServiceSet[senders.size()][receivers.size()];
    int[] sent = new int[receivers.size()];
    int[] received = new int[receivers.size()];
    for (int from = 0; from < senders.size(); from++) {
      row(outStates, senders.subject(from), peers, sent);
      row(inStates, senders.peer(from), subjects, received);
      for (int to = 0; to < receivers.size(); to++) {
        table[from][to] =
            (senders.families(from) & receivers.families(to)) == 0
                ? ServiceSet.NONE
                : products.of(senders.kind(from), sent[to], receivers.kind(to), received[to]);
      }
    }
    return table;
  }

  /** For each line, the classes that have it. */
  private static BitSet[] byLine(int lines, int classes, IntFunction<BitSet> linesOf) {
    BitSet[] byLine = new BitSet[lines];
    for (int i = 0; i < lines; i++) {
      byLine[i] = new BitSet(classes);
    }
    for (int number = 0; number < classes; number++) {
      int of = number;
      linesOf.apply(of).stream().forEach(line -> byLine[line].set(of));
    }
    return byLine;
  }

  /** The state at each receiver after the lines, each of which matches some of the receivers. */
  private static void row(States states, BitSet lines, BitSet[] matching, int[] row) {
    Arrays.fill(row, States.START);
    for (int line = lines.nextSetBit(0); line >= 0; line = lines.nextSetBit(line + 1)) {
      BitSet classes = matching[line];
      for (int to = classes.nextSetBit(0); to >= 0; to = classes.nextSetBit(to + 1)) {
        row[to] = states.step(row[to], line);
      }
    }
  }
}
