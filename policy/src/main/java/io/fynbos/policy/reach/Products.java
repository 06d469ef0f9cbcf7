package io.fynbos.policy.reach;

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

  /** Nobody's rules apply to what is outside; between two outsides nothing passes here. */
  ServiceSet of(int sent, boolean fromOutside, int received, boolean toOutside) {
    if (fromOutside && toOutside) {
      return ServiceSet.NONE;
    }
    if (fromOutside) {
      return in.allowed(received);
    }
    if (toOutside) {
      return out.allowed(sent);
    }
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
