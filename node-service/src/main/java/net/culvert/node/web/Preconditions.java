package net.culvert.node.web;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.culvert.node.web.problem.InvalidFieldException;
import net.culvert.node.web.problem.StaleException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * The conditions If-Match and If-None-Match of a write (RFC 9110, section 13), checked against a
 * resource's revision. The check belongs under the same lock as the write. Immutable.
 */
public final class Preconditions {

  private static final String IF_MATCH = HttpHeaders.IF_MATCH;
  private static final String IF_NONE_MATCH = HttpHeaders.IF_NONE_MATCH;

  /** One entity tag and what separates it from the next. */
  private static final Pattern TAG = Pattern.compile("\\G\\s*(W/)?\"([^\"]*)\"\\s*(?:,|$)");

  private static final int MAX_TAGS = 64;

  private final @Nullable Tags ifMatch;
  private final @Nullable Tags ifNoneMatch;

  private Preconditions(@Nullable Tags ifMatch, @Nullable Tags ifNoneMatch) {
    this.ifMatch = ifMatch;
    this.ifNoneMatch = ifNoneMatch;
  }

  /**
   * Those of two headers, null where absent.
   *
   * @throws InvalidFieldException if one is no list of entity tags
   */
  public static Preconditions of(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
    return new Preconditions(Tags.parse(IF_MATCH, ifMatch), Tags.parse(IF_NONE_MATCH, ifNoneMatch));
  }

  /** Those of the request that this thread serves; none where it serves none. */
  public static Preconditions ofCurrentRequest() {
    return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes current
        ? of(
            current.getRequest().getHeader(IF_MATCH), current.getRequest().getHeader(IF_NONE_MATCH))
        : of(null, null);
  }

  /** The entity tag of a revision, always strong. */
  public static String etag(long revision) {
    return "\"" + revision + "\"";
  }

  /**
   * Passes if every condition holds.
   *
   * @param revision the resource's, empty where it does not exist
   * @throws StaleException if one does not
   */
  public void check(OptionalLong revision) {
    String now =
        revision.isPresent()
            ? "the revision is " + etag(revision.getAsLong())
            : "the resource does not exist";
    if (ifMatch != null && !ifMatch.matchStrongly(revision)) {
      String weak = ifMatch.hasWeak() ? ", and weak tags (W/) never match" : "";
      throw new StaleException(IF_MATCH + " does not hold: " + now + weak + ".");
    }
    if (ifNoneMatch != null && ifNoneMatch.matchWeakly(revision)) {
      throw new StaleException(IF_NONE_MATCH + " does not hold: " + now + ".");
    }
  }

  /** The same as a question, for a table that asks it under its lock. */
  public boolean holds(OptionalLong revision) {
    return (ifMatch == null || ifMatch.matchStrongly(revision))
        && (ifNoneMatch == null || !ifNoneMatch.matchWeakly(revision));
  }

  private record Tag(boolean weak, String value) {}

  /** A header's list; {@code any} for {@code *}. */
  private record Tags(boolean any, List<Tag> list) {

    static @Nullable Tags parse(String header, @Nullable String text) {
      if (text == null) {
        return null;
      }
      if (text.strip().equals("*")) {
        return new Tags(true, List.of());
      }
      List<Tag> list = new ArrayList<>();
      Matcher matcher = TAG.matcher(text);
      int end = 0;
      while (matcher.find() && list.size() < MAX_TAGS) {
        list.add(new Tag(matcher.group(1) != null, matcher.group(2)));
        end = matcher.end();
      }
      if (list.isEmpty() || end != text.length()) {
        throw new InvalidFieldException(
            header, "is '*' or a list of at most " + MAX_TAGS + " tags in quotes, such as \"3\"");
      }
      return new Tags(false, list);
    }

    boolean hasWeak() {
      return list.stream().anyMatch(Tag::weak);
    }

    boolean matchStrongly(OptionalLong revision) {
      return revision.isPresent()
          && (any || list.contains(new Tag(false, String.valueOf(revision.getAsLong()))));
    }

    boolean matchWeakly(OptionalLong revision) {
      return revision.isPresent()
          && (any
              || list.stream()
                  .anyMatch(tag -> tag.value().equals(String.valueOf(revision.getAsLong()))));
    }
  }
}
