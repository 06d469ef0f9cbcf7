package io.fynbos.controller.trace;

import io.fynbos.controller.pipeline.Cookie;
import io.fynbos.controller.rules.RuleNames;
import io.fynbos.policy.image.IdentityEntry;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.Endpoint;
import io.fynbos.policy.model.Identity;
import io.fynbos.policy.model.IpAddress;
import io.fynbos.policy.model.Mac;
import io.fynbos.policy.model.UniverseName;
import java.util.Locale;
import java.util.Optional;

/**
 * Which objects of an image the flows of a trace are there for.
 *
 * @param universe that the traced packet is of; MAC addresses are unique there
 */
record Origins(Image image, Optional<UniverseName> universe, RuleNames names) {
  private static final long V4_MAX = 0xffff_ffffL;

  /** The object that a flow's cookie names; empty for the pipeline's own flows and others'. */
  Optional<LiveHop.Origin> of(long value) {
    Optional<Cookie> cookie =
        Cookie.of(value).filter(found -> found.kind() != Cookie.Kind.PIPELINE);
    if (cookie.isEmpty()) {
      return Optional.empty();
    }
    Optional<LiveHop.Origin> rule =
        names
            .rule(image, cookie.get())
            .map(
                found ->
                    new LiveHop.Origin(
                        found.text(),
                        Optional.of(found.policy().toString()),
                        Optional.of(found.index())));
    return rule.or(() -> Optional.of(plain(cookie.get())));
  }

  private LiveHop.Origin plain(Cookie cookie) {
    String kind = cookie.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    String object = name(cookie).orElseGet(() -> Long.toString(cookie.number()));
    return new LiveHop.Origin(kind + " " + object, Optional.empty(), Optional.empty());
  }

  private Optional<String> name(Cookie cookie) {
    long number = cookie.number();
    return switch (cookie.kind()) {
      case HOST -> host(number);
      case UNIVERSE ->
          universe
              .filter(name -> image.number(name).number() == number)
              .map(UniverseName::toString);
      case ENDPOINT ->
          universe
              .flatMap(name -> image.endpointWith(name, new Mac(number)))
              .map(Endpoint::ref)
              .map(Object::toString);
      case IDENTITY -> identity(number);
      case PIPELINE, RULE, CLAUSE, AUDIT, AUDIT_DIFFERS -> Optional.empty();
    };
  }

  private Optional<String> host(long number) {
    return number > V4_MAX
        ? Optional.empty()
        : image.hostAt(IpAddress.v4(number)).map(host -> host.name().toString());
  }

  private Optional<String> identity(long number) {
    return number < Identity.NUMBER_MIN || number > Identity.NUMBER_MAX
        ? Optional.empty()
        : Optional.ofNullable(image.identities().get(new Identity((int) number)))
            .map(entry -> number + " " + groups(entry));
  }

  private static String groups(IdentityEntry entry) {
    return "(%s %s)".formatted(entry.universe(), entry.groups());
  }
}
