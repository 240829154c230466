package net.culvert.api.problem;

import java.net.URI;

/** The kinds of problem that this API answers with. A URN stays once it was published. */
public enum ProblemType {
  MALFORMED("malformed", 400, "The request cannot be read or breaks a rule"),
  UNAUTHORIZED("unauthorized", 401, "A bearer token is missing or wrong"),
  FORBIDDEN("forbidden", 403, "The token does not allow this"),
  CROSS_ORIGIN("cross-origin", 403, "A page of another origin may not call this node"),
  ABSENT("absent", 404, "There is no such resource"),
  METHOD_NOT_ALLOWED("method-not-allowed", 405, "The resource does not know this method"),
  NOT_ACCEPTABLE("not-acceptable", 406, "None of the accepted media types can be given"),
  TOO_SLOW("too-slow", 408, "The request did not come in time"),
  CONFLICT("conflict", 409, "The wish contradicts something that exists"),
  STALE("stale", 412, "The resource has another revision"),
  TOO_LARGE("too-large", 413, "The request is larger than the limit"),
  UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "The body's media type is not understood"),
  MISDIRECTED("misdirected", 421, "The request is for another host"),
  TOO_MANY("too-many", 429, "Too many at a time"),
  INTERNAL("internal", 500, "The node made a mistake"),
  REFUSED("refused", 500, "The kernel refused"),
  UNAVAILABLE("unavailable", 503, "Something that this needs is missing"),
  INSUFFICIENT_STORAGE("insufficient-storage", 507, "No room is left to keep what is wished");

  private final URI urn;
  private final int status;
  private final String title;

  ProblemType(String name, int status, String title) {
    this.urn = URI.create("urn:culvert:problem:" + name);
    this.status = status;
    this.title = title;
  }

  /** The stable identifier. */
  public URI urn() {
    return urn;
  }

  /** The usual HTTP status. */
  public int status() {
    return status;
  }

  public String title() {
    return title;
  }
}
