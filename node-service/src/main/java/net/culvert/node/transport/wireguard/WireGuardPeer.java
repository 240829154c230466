package net.culvert.node.transport.wireguard;

import net.culvert.node.transport.TransportPeer;
import org.jspecify.annotations.Nullable;

/**
 * One peer of a device: its sessions, the handshake under way, and when what is due.
 *
 * <p>Sessions and the marks of what was sent and heard are for any thread. All else is the
 * conductor's, and the package-private fields say so by where they stand.
 */
final class WireGuardPeer implements TransportPeer {

  /** Stands for an instant that has not been. */
  static final long NEVER = Long.MIN_VALUE;

  /** How often a thread that has no session may ask for one, in nanoseconds. */
  private static final long ASK_NANOS = 250_000_000L;

  private final WireGuardDevice device;
  private final PublicKey publicKey;

  // ------------------------------------------------------------------ for the conductor alone
  PresharedKey preshared;
  long keepaliveNanos;
  final Macs.Generator macs;
  byte @Nullable [] newestTimestamp;
  private byte @Nullable [] ownTimestamp;
  long initiationReceivedNanos = NEVER;
  long initiationSentNanos = NEVER;
  long attemptsSinceNanos = NEVER;
  long nextAttemptNanos = NEVER;
  Handshake.@Nullable Pending pending;

  // ------------------------------------------------------------------ for any thread
  private volatile @Nullable Session current;
  private volatile @Nullable Session previous;
  private volatile @Nullable Session next;

  /** When the first packet left that nothing was heard after. */
  private volatile long unansweredNanos = NEVER;

  /** When the first packet came that nothing was said after. */
  private volatile long owingNanos = NEVER;

  private volatile long lastWordNanos = NEVER;
  private volatile long lastAskedNanos = NEVER;
  private volatile long establishedNanos = NEVER;
  private volatile long establishedEpochNanos = NEVER;
  private volatile boolean asked;

  WireGuardPeer(WireGuardDevice device, WireGuardIdentity identity) {
    this.device = device;
    this.publicKey = identity.publicKey();
    this.preshared = identity.presharedKey().copy();
    this.macs = new Macs.Generator(publicKey);
    configure(identity);
  }

  void configure(WireGuardIdentity identity) {
    preshared.destroy();
    preshared = identity.presharedKey().copy();
    keepaliveNanos = identity.keepaliveSeconds() * 1_000_000_000L;
  }

  PublicKey publicKey() {
    return publicKey;
  }

  /** The session to send in, or null. */
  @Nullable Session sendingSession(long now) {
    Session session = current;
    return session != null && session.canSend(now) ? session : null;
  }

  /** Asks the conductor for a handshake; often is as good as once. */
  void ask(long now) {
    if (!asked && (lastAskedNanos == NEVER || now - lastAskedNanos >= ASK_NANOS)) {
      lastAskedNanos = now;
      asked = true;
      device.asked(this);
    }
  }

  /** For the conductor: whether somebody asked, once. */
  boolean takeAsked() {
    boolean was = asked;
    asked = false;
    return was;
  }

  /** A packet or a keepalive is about to leave in that session. */
  void sending(Session session, boolean packet, long now) {
    noteWord(now);
    if (owingNanos != NEVER) {
      owingNanos = NEVER;
    }
    if (packet && unansweredNanos == NEVER) {
      unansweredNanos = now;
    }
    boolean old =
        session.isInitiator() && session.ageNanos(now) >= Limits.REKEY_AFTER_NANOS
            || Long.compareUnsigned(session.sent(), Limits.REKEY_AFTER_MESSAGES) >= 0;
    if (old) {
      ask(now);
    }
  }

  /** An authentic datagram came in that session. */
  void received(Session session, boolean packet, long now) {
    noteWord(now);
    if (unansweredNanos != NEVER) {
      unansweredNanos = NEVER;
    }
    if (packet && owingNanos == NEVER) {
      owingNanos = now;
    }
    if (session == next) {
      confirm(session, now);
    }
    if (session.isInitiator() && session.ageNanos(now) >= Limits.REKEY_WHEN_RECEIVING_NANOS) {
      ask(now);
    }
  }

  /** The peer has shown that it has the keys too: now we send with them. */
  private void confirm(Session session, long now) {
    synchronized (this) {
      if (session != next) {
        return;
      }
      drop(previous);
      previous = current;
      current = session;
      next = null;
      established(now);
    }
    device.listener().ready();
  }

  private void established(long now) {
    establishedNanos = now;
    establishedEpochNanos = now + device.epochOffsetNanos();
  }

  /** A session that we began: the response shows that the peer has its keys. */
  synchronized void begun(Session session, long now) {
    // What was to come from the other side is older than this answer of it.
    if (next != null) {
      drop(previous);
      previous = next;
      next = null;
      drop(current);
    } else {
      drop(previous);
      previous = current;
    }
    current = session;
    established(now);
  }

  /** A session that the peer began: to be used once it is seen to have the keys. */
  synchronized void offered(Session session) {
    drop(next);
    next = session;
    drop(previous);
    previous = null;
  }

  private void drop(@Nullable Session session) {
    if (session != null) {
      session.end();
      device.indices().remove(session.localIndex());
    }
  }

  /** Drops sessions that are past their end. */
  synchronized void expire(long now) {
    if (isOver(previous, now)) {
      drop(previous);
      previous = null;
    }
    if (isOver(current, now)) {
      drop(current);
      current = null;
    }
    if (isOver(next, now)) {
      drop(next);
      next = null;
    }
  }

  private static boolean isOver(@Nullable Session session, long now) {
    return session != null && !session.isAlive(now);
  }

  /** Ends everything, and overwrites the secrets. */
  synchronized void end() {
    preshared.destroy();
    drop(previous);
    drop(current);
    drop(next);
    previous = null;
    current = null;
    next = null;
  }

  /** When the oldest session ends, or the far future. */
  long sessionsEndNanos(long now) {
    long end = Long.MAX_VALUE;
    for (Session session : new @Nullable Session[] {previous, current, next}) {
      if (session != null) {
        end = Math.min(end, Limits.REJECT_AFTER_NANOS - session.ageNanos(now));
      }
    }
    return end == Long.MAX_VALUE ? end : now + end;
  }

  long unansweredNanos() {
    return unansweredNanos;
  }

  /** Nobody needs to wait for an answer to what was sent so far. */
  void stopWaiting() {
    unansweredNanos = NEVER;
  }

  long owingNanos() {
    return owingNanos;
  }

  void oweNothing() {
    owingNanos = NEVER;
  }

  void said(long now) {
    lastWordNanos = now;
  }

  /** All packets of a batch have one time: the cores that carry them share this once a batch. */
  private void noteWord(long now) {
    if (lastWordNanos != now) {
      lastWordNanos = now;
    }
  }

  /** When a keepalive is due, for a peer that is to be kept reachable. For the conductor. */
  long keepaliveDueNanos(long now) {
    long last = lastWordNanos;
    return last == NEVER ? now : last + keepaliveNanos;
  }

  /** When the conductor has to look at this peer again. For the conductor. */
  long dueNanos(long now) {
    long due = sessionsEndNanos(now);
    if (nextAttemptNanos != NEVER) {
      due = Math.min(due, nextAttemptNanos);
    } else if (keepaliveNanos != 0) {
      due = Math.min(due, keepaliveDueNanos(now));
    }
    long unanswered = unansweredNanos;
    if (unanswered != NEVER) {
      due = Math.min(due, unanswered + Limits.KEEPALIVE_NANOS + Limits.REKEY_TIMEOUT_NANOS);
    }
    long owing = owingNanos;
    if (owing != NEVER) {
      due = Math.min(due, owing + Limits.KEEPALIVE_NANOS);
    }
    return due;
  }

  /**
   * The time stamp of the next initiation: later than every one before, also where the clock was
   * set back. For the conductor.
   */
  byte[] nextTimestamp(long epochNanos) {
    byte[] stamp = Tai64n.of(epochNanos);
    byte[] last = ownTimestamp;
    if (last != null && !Tai64n.isAfter(stamp, last)) {
      stamp = Tai64n.after(last);
    }
    ownTimestamp = stamp;
    return stamp;
  }

  /** When a session was last established, or {@link #NEVER}. */
  long establishedNanos() {
    return establishedNanos;
  }

  @Override
  public Status status(long nowNanos) {
    Session session = current;
    long handshake = establishedEpochNanos;
    return new Status(
        handshake == NEVER ? null : handshake,
        session == null || !session.isAlive(nowNanos) ? null : session.ageNanos(nowNanos));
  }

  @Override
  public String toString() {
    return "peer " + publicKey;
  }
}
