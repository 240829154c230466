package net.culvert.node.reconcile;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Objects that somebody else changes each time that they are put right. Putting them right as often
 * as the other changes them would only make both run for ever, so they rest: for longer each time,
 * up to a bound. Times are nanoseconds of the caller's. On the reconciler's thread alone; it
 * remembers only objects that were put right of late.
 */
final class Quarrels {

  /** So many corrections of one object within {@link #WINDOW} are a quarrel. */
  static final int CORRECTIONS = 5;

  static final Duration WINDOW = Duration.ofSeconds(10);
  static final Duration FIRST_REST = Duration.ofSeconds(2);
  static final Duration LAST_REST = Duration.ofMinutes(1);

  private static final class Quarrel {
    final ArrayDeque<Long> corrections = new ArrayDeque<>();
    int total;
    int rests;
    long until;
    long last;
    String opponent = "";
    boolean told;
    @Nullable Object held;

    long restNanos() {
      long rest = FIRST_REST.toNanos() << Math.min(rests - 1, 10);
      return Math.min(rest, LAST_REST.toNanos());
    }

    /** It stayed as it is for so long that the other seems to have given in. */
    boolean isOver(long now) {
      long calm = WINDOW.toNanos();
      if (rests > 0) {
        calm = Math.max(calm, 2 * restNanos());
      }
      return now - last > calm;
    }
  }

  private final Opponents opponents;
  private final Map<ObjectKey, Quarrel> quarrels = new HashMap<>();

  Quarrels(Opponents opponents) {
    this.opponents = opponents;
  }

  /**
   * An object was put right.
   *
   * @param held what was last seen of it while it was right
   */
  void corrected(ObjectKey key, Object held, long now) {
    Quarrel quarrel = quarrels.get(key);
    if (quarrel == null || quarrel.isOver(now)) {
      quarrel = new Quarrel();
      quarrels.put(key, quarrel);
    }
    quarrel.corrections.addLast(now);
    while (now - quarrel.corrections.getFirst() > WINDOW.toNanos()) {
      quarrel.corrections.removeFirst();
    }
    quarrel.total++;
    quarrel.last = now;
    quarrel.held = held;
    if (quarrel.rests == 0 && quarrel.corrections.size() < CORRECTIONS) {
      return;
    }
    quarrel.rests++;
    quarrel.corrections.clear();
    quarrel.until = now + quarrel.restNanos();
    quarrel.told = false;
  }

  /**
   * A resting object was seen to be changed again, which is when there is something to see of who
   * did it.
   *
   * @return whether that is news since it rests
   */
  boolean changedAgain(ObjectKey key) {
    Quarrel quarrel = quarrels.get(key);
    if (quarrel == null || quarrel.told) {
      return false;
    }
    quarrel.told = true;
    quarrel.opponent = opponents.of(key);
    return true;
  }

  /** Whether the object is one of a quarrel that is not over. */
  boolean isContested(ObjectKey key, long now) {
    Quarrel quarrel = quarrels.get(key);
    return quarrel != null && quarrel.rests > 0 && !quarrel.isOver(now);
  }

  /** What was last seen of a contested object while it was right; null where it is not one. */
  @Nullable Object held(ObjectKey key) {
    Quarrel quarrel = quarrels.get(key);
    return quarrel == null || quarrel.rests == 0 ? null : quarrel.held;
  }

  /** How long an object still rests, in nanoseconds; 0 where it may be put right. */
  long restLeft(ObjectKey key, long now) {
    Quarrel quarrel = quarrels.get(key);
    if (quarrel == null || quarrel.rests == 0) {
      return 0;
    }
    return Math.max(0, quarrel.until - now);
  }

  /** What there is to say of a contested object. */
  String sentence(ObjectKey key) {
    Quarrel quarrel = quarrels.get(key);
    if (quarrel == null) {
      return key + " is changed by somebody else";
    }
    return key
        + " was put back "
        + quarrel.total
        + " times and changed again each time; it is left alone for "
        + quarrel.restNanos() / 1_000_000_000
        + " s between attempts"
        + (quarrel.opponent.isEmpty() ? "" : ". " + quarrel.opponent);
  }

  /** The object was wished anew: that counts from now. */
  void forget(ObjectKey key) {
    quarrels.remove(key);
  }

  /** Forgets what is over. */
  void forgetOver(long now) {
    quarrels.values().removeIf(quarrel -> quarrel.isOver(now));
  }

  int size() {
    return quarrels.size();
  }
}
