package net.culvert.node.transport.wireguard;

import java.util.concurrent.atomic.AtomicLong;

/** The keys that two peers send packets under for at most three minutes. Any thread. */
final class Session {

  private final WireGuardPeer peer;
  private final int localIndex;
  private final int remoteIndex;
  private final SealingKey sending;
  private final SealingKey receiving;
  private final boolean initiator;
  private final long createdNanos;
  private final AtomicLong counter = new AtomicLong();
  private final ReplayWindow window = new ReplayWindow();
  private volatile boolean ended;

  Session(
      WireGuardPeer peer,
      int localIndex,
      Handshake.Secrets secrets,
      boolean initiator,
      long nowNanos) {
    this.peer = peer;
    this.localIndex = localIndex;
    this.remoteIndex = secrets.remoteIndex();
    this.sending = secrets.send();
    this.receiving = secrets.receive();
    this.initiator = initiator;
    this.createdNanos = nowNanos;
  }

  WireGuardPeer peer() {
    return peer;
  }

  /** The index that we gave out. */
  int localIndex() {
    return localIndex;
  }

  /** The index that the peer gave out. */
  int remoteIndex() {
    return remoteIndex;
  }

  SealingKey sending() {
    return sending;
  }

  SealingKey receiving() {
    return receiving;
  }

  boolean isInitiator() {
    return initiator;
  }

  long ageNanos(long now) {
    return now - createdNanos;
  }

  /** Whether packets may still be sealed or opened with it. */
  boolean isAlive(long now) {
    return !ended && now - createdNanos < Limits.REJECT_AFTER_NANOS;
  }

  /** Whether it may seal one more. */
  boolean canSend(long now) {
    return isAlive(now) && Long.compareUnsigned(counter.get(), Limits.REJECT_AFTER_MESSAGES) < 0;
  }

  /**
   * A counter that nobody else gets. To be compared with {@link Limits#REJECT_AFTER_MESSAGES}: the
   * gap above that is far larger than the number of threads.
   */
  long takeCounter() {
    return counter.getAndIncrement();
  }

  /** How many counters were taken. */
  long sent() {
    return counter.get();
  }

  /** Where the counter goes on; for tests of its end. */
  void setCounter(long next) {
    counter.set(next);
  }

  ReplayWindow window() {
    return window;
  }

  /** No packet is sealed or opened from now on; the keys are overwritten. */
  void end() {
    ended = true;
    sending.destroy();
    receiving.destroy();
  }

  @Override
  public String toString() {
    return "session " + Integer.toUnsignedString(localIndex) + " with " + peer.publicKey();
  }
}
