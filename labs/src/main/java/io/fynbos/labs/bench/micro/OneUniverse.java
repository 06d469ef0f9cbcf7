package io.fynbos.labs.bench.micro;

import io.fynbos.policy.decide.Command;
import io.fynbos.policy.image.Image;
import io.fynbos.policy.model.UniverseName;
import io.fynbos.policy.wire.Documents;
import io.fynbos.policy.wire.WireError;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/**
 * One universe with endpoints in two groups each, picked at random, so that few are in the same
 * ones; and policies of one rule each: in or out, allow or deny, for a group, a CIDR or anyone.
 */
final class OneUniverse {
  static final UniverseName NAME = new UniverseName("blue");
  private static final long SEED = 20_240_229;

  private final Random random = new Random(SEED);
  private final int endpoints;
  private final int groups;
  private final int policies;

  private OneUniverse(int endpoints, int groups, int policies) {
    this.endpoints = endpoints;
    this.groups = groups;
    this.policies = policies;
  }

  /** The documents of such a universe, the same at every call. */
  static byte[] documents(int endpoints, int groups, int policies) {
    String text = new OneUniverse(endpoints, groups, policies).text();
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The image that they lead to. */
  static Image image(byte[] documents) {
    try {
      return SmallUniverses.decided(List.of(new Command.Batch(Documents.parse(documents))));
    } catch (WireError e) {
      throw new IllegalStateException(e);
    }
  }

  private String text() {
    StringJoiner documents = new StringJoiner(",", "[", "]");
    documents.add(
        "{\"kind\":\"Universe\",\"name\":\"blue\",\"prefixes\":[\"10.0.0.0/16\",\"fd00:7::/64\"]}");
    for (int g = 0; g < groups; g++) {
      documents.add(
          "{\"kind\":\"SecurityGroup\",\"universe\":\"blue\",\"name\":\"g%d\"}".formatted(g));
    }
    for (int e = 0; e < endpoints; e++) {
      documents.add(endpoint(e));
    }
    for (int p = 0; p < policies; p++) {
      documents.add(policy(p));
    }
    return documents.toString();
  }

  private String endpoint(int e) {
    int first = random.nextInt(groups);
    int second = (first + 1 + random.nextInt(groups - 1)) % groups;
    return """
        {"kind":"Endpoint","universe":"blue","name":"e%d","id":"00000000-0000-4000-8000-%012x",
         "mac":"02:0c:00:00:%02x:%02x","addresses":["10.0.%d.%d","fd00:7::%x"],"groups":["g%d","g%d"]}"""
        .formatted(e, e, e >> 8, e & 0xff, (e + 10) >> 8, (e + 10) & 0xff, e + 10, first, second);
  }

  private String policy(int p) {
    String peers =
        switch (random.nextInt(10)) {
          case 0 -> "";
          case 1, 2 -> "\"peers\":[{\"cidr\":\"10.0.%d.0/24\"}],".formatted(random.nextInt(4));
          default -> "\"peers\":[{\"group\":\"g%d\"}],".formatted(random.nextInt(groups));
        };
    int port = 1_024 + random.nextInt(30_000);
    String ports = random.nextBoolean() ? "" + port : port + "-" + (port + random.nextInt(500));
    return """
        {"kind":"Policy","universe":"blue","name":"p%d","tier":"universe","order":%d,
         "appliesTo":{"groups":["g%d"]},
         "rules":[{"direction":"%s","action":"%s",%s
                   "services":[{"protocol":"%s","ports":["%s"]}]}]}"""
        .formatted(
            p,
            1_000 + 10 * random.nextInt(5),
            random.nextInt(groups),
            random.nextInt(10) < 7 ? "in" : "out",
            random.nextInt(10) < 8 ? "allow" : "deny",
            peers,
            random.nextInt(10) < 7 ? "tcp" : "udp",
            ports);
  }
}
