package io.fynbos.controller.rules;

import io.fynbos.controller.core.Publication;
import io.fynbos.controller.core.Subscriber;
import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.policy.image.Change;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Policy;
import io.fynbos.policy.model.PolicyRef;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which policy has which number, followed from publication to publication, so that a rule's number
 * leads to the rule without a search. Callable from any thread.
 */
public final class RuleNames implements Subscriber {

  private static final int INDEX_BITS = 10;
  private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;

  private final Map<Integer, PolicyRef> byNumber = new ConcurrentHashMap<>();

  /** The names of an image. */
  public RuleNames(Image image) {
    image.policies().keySet().forEach(ref -> byNumber.put(image.number(ref).number(), ref));
  }

  @Override
  public void published(Publication publication) {
    Image after = publication.after();
    for (Change change : publication.changes()) {
      if (change instanceof Change.PolicyPut put
          && after.policies().containsKey(put.policy().ref())) {
        byNumber.put(after.number(put.policy().ref()).number(), put.policy().ref());
      } else if (change instanceof Change.PolicyNumberReleased released
          && !taken(after, released.number().number())) {
        byNumber.remove(released.number().number());
      }
    }
  }

  private boolean taken(Image image, int number) {
    return policy(image, number).isPresent();
  }

  /** The policy of an image that has the number. */
  private Optional<PolicyRef> policy(Image image, long number) {
    return number > Integer.MAX_VALUE
        ? Optional.empty()
        : Optional.ofNullable(byNumber.get((int) number))
            .filter(ref -> image.policies().containsKey(ref))
            .filter(ref -> image.number(ref).number() == number);
  }

  /** The rule of an image that a number names; empty when its policy or the rule is gone. */
  public Optional<NamedRule> rule(Image image, long number) {
    int index = (int) (number & INDEX_MASK);
    return policy(image, number >>> INDEX_BITS)
        .flatMap(image::policy)
        .filter(policy -> index < policy.rules().size())
        .map(policy -> named(policy, index));
  }

  /** The rule that a flow's cookie names, if it names one. */
  public Optional<NamedRule> rule(Image image, Cookie cookie) {
    boolean named = cookie.kind() == Cookie.Kind.RULE || cookie.kind() == Cookie.Kind.AUDIT_DIFFERS;
    return named ? rule(image, cookie.number()) : Optional.empty();
  }

  private static NamedRule named(Policy policy, int index) {
    return new NamedRule(policy.ref(), index, policy.rules().get(index));
  }
}
