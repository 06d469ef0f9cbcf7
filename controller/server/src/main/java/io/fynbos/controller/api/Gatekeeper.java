package io.fynbos.controller.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps web pages of other sites from using a browser to reach the API: a request must name the
 * controller by an address or by one of its own names, and one that tells its origin must come from
 * the same.
 */
final class Gatekeeper {

  private final Set<String> names;

  /** Lets requests in for these host names, besides {@code localhost} and plain addresses. */
  Gatekeeper(Set<String> names) {
    this.names = new TreeSet<>(names);
    this.names.add("localhost");
  }

  void check(HttpRequest http) {
    String authority = http.headers().authority() == null ? "" : http.headers().authority();
    String host = host(authority);
    if (!names.contains(host) && !NetUtil.isValidIpV4Address(host) && !bracketed(authority)) {
      throw Problem.of(
              403,
              "unknown-host-name",
              "the request is for the host "
                  + Text.quoted(host)
                  + "; use an address of the controller, or start it with --api-name to give it"
                  + " this name")
          .refused();
    }
    String origin = http.headers().get(HttpHeaderNames.ORIGIN);
    if (origin != null && !origin.toLowerCase(Locale.ROOT).endsWith("://" + authority)) {
      throw Problem.of(
              403, "other-origin", "a web page of " + Text.quoted(origin) + " may not use the API")
          .refused();
    }
  }

  private static boolean bracketed(String authority) {
    int end = authority.indexOf(']');
    return authority.startsWith("[")
        && end > 0
        && NetUtil.isValidIpV6Address(authority.substring(1, end));
  }

  private static String host(String authority) {
    int colon = authority.lastIndexOf(':');
    return (colon < 0 ? authority : authority.substring(0, colon)).toLowerCase(Locale.ROOT);
  }
}
