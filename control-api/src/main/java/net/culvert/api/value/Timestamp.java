package net.culvert.api.value;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/** A point in time as RFC 3339 writes it, kept to the millisecond. */
@Schema(
    type = "string",
    format = "date-time",
    description = "A point in time (RFC 3339), from 1970 to 9999.",
    example = "2099-12-31T23:59:59Z")
public record Timestamp(Instant instant) implements Comparable<Timestamp> {

  private static final Instant END = Instant.parse("9999-12-31T23:59:59.999Z");

  /** Cut to the millisecond. */
  public Timestamp {
    instant = instant.truncatedTo(ChronoUnit.MILLIS);
    if (instant.isBefore(Instant.EPOCH) || instant.isAfter(END)) {
      throw new IllegalArgumentException("is not in the years 1970 to 9999");
    }
  }

  @JsonCreator
  public static Timestamp parse(String text) {
    OffsetDateTime time;
    try {
      time = OffsetDateTime.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no date and time with an offset, such as 2099-12-31T23:59:59Z", e);
    }
    return new Timestamp(time.toInstant());
  }

  @Override
  public int compareTo(Timestamp other) {
    return instant.compareTo(other.instant);
  }

  /** In UTC. */
  @Override
  @JsonValue
  public String toString() {
    return instant.toString();
  }
}
