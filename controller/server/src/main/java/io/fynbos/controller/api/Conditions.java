package io.fynbos.controller.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import io.fynbos.policy.decide.Precondition;
import io.fynbos.policy.model.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The conditions of RFC 9110 §13: {@code If-Match} and {@code If-None-Match}. */
final class Conditions {

  private static final Pattern TAG = Pattern.compile("\\s*(W/)?\"([^\"]*)\"\\s*(,|$)");

  private Conditions() {}

  /** What a change is bound to, given the object's revision now. */
  static Precondition ofChange(Request request, Optional<Revision> current) {
    Optional<String> match = request.header(HttpHeaderNames.IF_MATCH);
    Optional<String> noneMatch = request.header(HttpHeaderNames.IF_NONE_MATCH);
    if (match.isPresent() && noneMatch.isPresent()) {
      throw invalid("give If-Match or If-None-Match, not both");
    }
    if (noneMatch.isPresent()) {
      if (!noneMatch.get().strip().equals("*")) {
        throw invalid("a change takes If-None-Match: * only, which makes it create, not replace");
      }
      return new Precondition.Absent();
    }
    if (match.isEmpty()) {
      return Precondition.NONE;
    }
    if (match.get().strip().equals("*")) {
      return new Precondition.Existing();
    }
    List<Revision> revisions = revisions(match.get(), false);
    if (revisions.isEmpty()) {
      throw Problem.of(
              412,
              "revision-differs",
              "If-Match names no revision; give the ETag of a GET, such as \"12\"")
          .refused();
    }
    boolean fits = current.isPresent() && revisions.contains(current.get());
    return new Precondition.At(fits ? current.get() : revisions.get(0));
  }

  /** Whether the client has what is there now, so that 304 is the answer. */
  static boolean unchanged(Request request, Revision current) {
    Optional<String> noneMatch = request.header(HttpHeaderNames.IF_NONE_MATCH);
    return noneMatch.isPresent()
        && (noneMatch.get().strip().equals("*")
            || revisions(noneMatch.get(), true).contains(current));
  }

  private static List<Revision> revisions(String header, boolean weakToo) {
    List<Revision> revisions = new ArrayList<>();
    Matcher matcher = TAG.matcher(header);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      end = matcher.end();
      boolean weak = matcher.group(1) != null;
      if (matcher.group(2).matches("[0-9]{1,18}") && (weakToo || !weak)) {
        revisions.add(new Revision(Long.parseLong(matcher.group(2))));
      }
    }
    if (end != header.length()) {
      throw invalid("a condition is * or a list of ETags in quotes, such as \"12\"");
    }
    return revisions;
  }

  private static Problem.Refused invalid(String detail) {
    return Problem.of(400, "invalid-condition", detail).refused();
  }
}
