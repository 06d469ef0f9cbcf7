package io.fynbos.policy.reach;

import io.fynbos.policy.reach.Spot.Kind;
import java.util.ArrayList;
import java.util.List;

/** What both the sender's and the receiver's rules allow, worked out once for each two states. */
final class Products {
  private final States out;
  private final States in;
  private final LongIntMap numbers = new LongIntMap();
  private final List<ServiceSet> products = new ArrayList<>();

  Products(States out, States in) {
    this.out = out;
    this.in = in;
  }

  /**
   * What passes, given what the sender's and the receiver's rules have decided. What is outside and
   * the fabric's services have no rules, and nothing passes between those here.
   */
  ServiceSet of(Kind from, int sent, Kind to, int received) {
    return switch (from) {
      case SERVICE -> ServiceSet.NONE;
      case OUTSIDE -> to == Kind.ENDPOINT ? in.allowed(received) : ServiceSet.NONE;
      case ENDPOINT ->
          switch (to) {
            case SERVICE -> out.notStopped(sent);
            case OUTSIDE -> out.allowed(sent);
            case ENDPOINT -> both(sent, received);
          };
    };
  }

  private ServiceSet both(int sent, int received) {
    long key = (long) sent << 32 | received;
    int known = numbers.get(key);
    if (known != LongIntMap.ABSENT) {
      return products.get(known);
    }
    ServiceSet product = out.allowed(sent).intersect(in.allowed(received));
    numbers.put(key, products.size());
    products.add(product);
    return product;
  }
}
