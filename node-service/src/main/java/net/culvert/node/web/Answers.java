package net.culvert.node.web;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/**
 * Answers that carry a revision as their ETag. A GET with a matching If-None-Match becomes a 304 by
 * that header alone.
 */
public final class Answers {

  private Answers() {}

  /** 200: it is so, or was already. */
  public static <T> ResponseEntity<T> ok(T body, long revision) {
    return answer(HttpStatus.OK, body, revision);
  }

  /** 201: it was not there before. */
  public static <T> ResponseEntity<T> created(T body, long revision) {
    return answer(HttpStatus.CREATED, body, revision);
  }

  /** 202: the kernel is not there yet; the body's status tells how far. */
  public static <T> ResponseEntity<T> accepted(T body, long revision) {
    return answer(HttpStatus.ACCEPTED, body, revision);
  }

  private static <T> ResponseEntity<T> answer(HttpStatus status, T body, long revision) {
    return ResponseEntity.status(status).eTag(Preconditions.etag(revision)).body(body);
  }
}
