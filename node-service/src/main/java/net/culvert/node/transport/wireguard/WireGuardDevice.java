package net.culvert.node.transport.wireguard;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import net.culvert.node.transport.Conversation;
import net.culvert.node.transport.PeerIdentity;
import net.culvert.node.transport.TransportPeer;

/**
 * The conversation of a WireGuard device with its peers: who starts a handshake when, what is
 * answered, and which sessions there are (WireGuard paper, sections 5 and 6).
 *
 * <p>What a message is looked at for, in this order: its length and type; mac1, that its sender
 * knows our public key; under load mac2, that it can be reached where it says it is; and only then
 * public keys, the time stamp, and the peer's rate.
 */
final class WireGuardDevice implements Conversation {

  /** When what could not be done is looked at again. */
  private static final long RETRY_NANOS = 1_000_000_000L;

  /**
   * Cookie replies to one address, and to all together: making one costs ten times what finding out
   * costs that it is asked for, and packets need the processor too.
   */
  static final int COOKIES_A_SECOND = 2;

  private static final int ALL_COOKIES_A_SECOND = 2_000;

  /** What all addresses have in common. */
  private static final byte[] EVERYBODY = new byte[2];

  private final CipherSuite suite;
  private final RandomGenerator random;
  private final AeadCipher cipher;
  private final IndexTable indices;
  private final InitiationRate rate = new InitiationRate();
  private final InitiationRate cookies = new InitiationRate(COOKIES_A_SECOND);
  private final InitiationRate allCookies = new InitiationRate(ALL_COOKIES_A_SECOND);
  private final Map<PublicKey, WireGuardPeer> peers = new HashMap<>();
  private final Queue<WireGuardPeer> asking = new ConcurrentLinkedQueue<>();
  private Handshake handshake;
  private Macs.Checker checker;
  private boolean suspended;
  private volatile Listener listener = Listener.NONE;
  private volatile long epochOffsetNanos;

  /**
   * @param random a source that nobody can predict
   */
  WireGuardDevice(CipherSuite suite, PrivateKey own, RandomGenerator random) {
    this.suite = suite;
    this.random = random;
    this.handshake = new Handshake(suite, own, random);
    this.checker = new Macs.Checker(suite, own.publicKey(), random);
    this.cipher = new AeadCipher(suite);
    this.indices = new IndexTable(random);
  }

  IndexTable indices() {
    return indices;
  }

  Listener listener() {
    return listener;
  }

  /** What the time of day is ahead of the time that is an argument everywhere. */
  long epochOffsetNanos() {
    return epochOffsetNanos;
  }

  /** For any thread: the peer wants a handshake. Each peer stands in the queue once at most. */
  void asked(WireGuardPeer peer) {
    asking.add(peer);
    listener.wanted();
  }

  @Override
  public void listenBy(Listener newListener) {
    listener = newListener;
  }

  // ---------------------------------------------------------------------------- peers

  @Override
  public TransportPeer admit(PeerIdentity identity, long nowNanos) {
    if (!(identity instanceof WireGuardIdentity known)) {
      throw new IllegalArgumentException("a WireGuard peer has a public key");
    }
    WireGuardPeer peer = peers.get(known.publicKey());
    boolean wasKept = peer != null && peer.keepaliveNanos != 0;
    if (peer == null) {
      if (peers.size() == Limits.MAX_PEERS) {
        throw new IllegalArgumentException("a device has at most " + Limits.MAX_PEERS + " peers");
      }
      peer = new WireGuardPeer(this, known);
      peers.put(known.publicKey(), peer);
    } else {
      peer.configure(known);
    }
    if (peer.keepaliveNanos != 0 && !wasKept) {
      // It is to be reachable at once, not after the first interval.
      peer.ask(nowNanos);
    }
    return peer;
  }

  @Override
  public void retain(Set<TransportPeer> keep) {
    peers
        .values()
        .removeIf(peer -> {
          if (keep.contains(peer)) {
            return false;
          }
          peer.end();
          forgetPending(peer);
          handshake.forget(peer.publicKey());
          return true;
        });
  }

  private void forgetPending(WireGuardPeer peer) {
    Handshake.Pending pending = peer.pending;
    if (pending != null) {
      peer.pending = null;
      indices.remove(pending.index());
      pending.destroy();
    }
  }

  private void stopAttempts(WireGuardPeer peer) {
    forgetPending(peer);
    peer.attemptsSinceNanos = WireGuardPeer.NEVER;
    peer.nextAttemptNanos = WireGuardPeer.NEVER;
  }

  // ---------------------------------------------------------------------------- as a whole

  /** Ends all sessions and says nothing until {@link #resume}; what peers were told stays. */
  void suspend() {
    suspended = true;
    peers.values().forEach(this::quieten);
  }

  /** Speaks again, first to the peers that are to be kept reachable. */
  void resume(long now) {
    if (suspended) {
      suspended = false;
      for (WireGuardPeer peer : peers.values()) {
        if (peer.keepaliveNanos != 0) {
          startAttempts(peer, now);
        }
      }
      listener.wanted();
    }
  }

  /** Becomes another to all peers, with which new sessions are needed. */
  void replaceKey(PrivateKey own) {
    peers
        .values()
        .forEach(peer -> {
          quieten(peer);
          handshake.forget(peer.publicKey());
        });
    handshake = new Handshake(suite, own, random);
    checker = new Macs.Checker(suite, own.publicKey(), random);
  }

  private void quieten(WireGuardPeer peer) {
    peer.end();
    stopAttempts(peer);
    peer.stopWaiting();
    peer.oweNothing();
    peer.initiationSentNanos = WireGuardPeer.NEVER;
  }

  // ---------------------------------------------------------------------------- messages

  @Override
  public Verdict receive(
      byte[] message,
      int length,
      byte[] source,
      boolean underLoad,
      long now,
      long epochNanos,
      Output output) {
    epochOffsetNanos = epochNanos - now;
    MessageType type = length < 4 ? null : suite.typeOf(LittleEndian.i32(message, 0));
    if (type == null || type == MessageType.DATA || !type.fits(length)) {
      return Verdict.NOT_AUTHENTIC;
    }
    if (suspended) {
      return Verdict.UNKNOWN;
    }
    byte[] exact = Arrays.copyOf(message, length);
    if (type == MessageType.COOKIE_REPLY) {
      return takeCookie(exact, now);
    }
    if (!checker.hasMac1(exact, length)) {
      return Verdict.NOT_AUTHENTIC;
    }
    if (underLoad) {
      if (!checker.hasMac2(exact, length, source, now)) {
        if (cookies.allows(source, now) && allCookies.allows(EVERYBODY, now)) {
          output.reply(checker.cookieReply(exact, length, source, now));
        }
        return Verdict.LIMITED;
      }
      if (!rate.allows(source, now)) {
        return Verdict.LIMITED;
      }
    }
    return type == MessageType.INITIATION ? answer(exact, now, output) : finish(exact, now, output);
  }

  private Verdict takeCookie(byte[] message, long now) {
    WireGuardPeer peer =
        indices.handshake(Handshake.receiverIndex(MessageType.COOKIE_REPLY, message));
    if (peer == null) {
      return Verdict.UNKNOWN;
    }
    // The next attempt will carry it; sending at once would let a forger hurry us.
    return peer.macs.take(message, now) ? Verdict.ACCEPTED : Verdict.NOT_AUTHENTIC;
  }

  private Verdict answer(byte[] message, long now, Output output) {
    Handshake.Received received = handshake.receive(message);
    if (received == null) {
      return Verdict.NOT_AUTHENTIC;
    }
    Verdict verdict = answer(received, now, output);
    if (verdict != Verdict.ACCEPTED) {
      received.destroy();
    }
    return verdict;
  }

  private Verdict answer(Handshake.Received received, long now, Output output) {
    WireGuardPeer peer = peers.get(received.peer());
    if (peer == null) {
      return Verdict.UNKNOWN;
    }
    byte[] newest = peer.newestTimestamp;
    if (newest != null && !Tai64n.isAfter(received.timestamp(), newest)) {
      return Verdict.REPLAYED;
    }
    if (peer.initiationReceivedNanos != WireGuardPeer.NEVER
        && now - peer.initiationReceivedNanos < Limits.INITIATION_SPACING_NANOS) {
      return Verdict.LIMITED;
    }
    handshake.remember(peer.publicKey());
    peer.newestTimestamp = received.timestamp();
    peer.initiationReceivedNanos = now;
    int index = indices.add(peer);
    Handshake.Secrets secrets = handshake.respond(received, peer.preshared, index);
    if (secrets == null) {
      indices.remove(index);
      return Verdict.NOT_AUTHENTIC;
    }
    Session session = new Session(peer, index, secrets, false, now);
    peer.offered(session);
    indices.become(index, session);
    output.locate(peer);
    peer.macs.append(secrets.message(), now);
    peer.said(now);
    output.reply(secrets.message());
    return Verdict.ACCEPTED;
  }

  private Verdict finish(byte[] message, long now, Output output) {
    WireGuardPeer peer = indices.handshake(Handshake.receiverIndex(MessageType.RESPONSE, message));
    Handshake.Pending pending = peer == null ? null : peer.pending;
    if (peer == null
        || pending == null
        || pending.index() != Handshake.receiverIndex(MessageType.RESPONSE, message)) {
      return Verdict.UNKNOWN;
    }
    Handshake.Secrets secrets = handshake.finish(pending, message, peer.preshared);
    if (secrets == null) {
      return Verdict.NOT_AUTHENTIC;
    }
    Session session = new Session(peer, pending.index(), secrets, true, now);
    peer.pending = null;
    peer.begun(session, now);
    indices.become(pending.index(), session);
    stopAttempts(peer);
    peer.stopWaiting();
    output.locate(peer);
    // Whatever we send now shows the peer that we have the keys.
    sayNothing(peer, session, now, output);
    listener.ready();
    return Verdict.ACCEPTED;
  }

  /** A keepalive. */
  private void sayNothing(WireGuardPeer peer, Session session, long now, Output output) {
    long counter = session.takeCounter();
    byte[] message = new byte[MessageType.DATA.bytes()];
    DataMessage.putHeader(suite, message, session.remoteIndex(), counter);
    try {
      int length =
          cipher.seal(
              session.sending(), counter, new byte[0], 0, 0, message, DataMessage.HEADER_BYTES);
      if (length != AeadCipher.TAG_BYTES) {
        throw new IllegalStateException("a keepalive is a tag and nothing else");
      }
    } catch (SealingKey.Destroyed e) {
      return; // Another thread has put a newer session in its place.
    }
    peer.sending(session, false, now);
    output.send(peer, message);
  }

  // ---------------------------------------------------------------------------- timers

  @Override
  public long turn(long now, long epochNanos, Output output) {
    epochOffsetNanos = epochNanos - now;
    for (WireGuardPeer peer = asking.poll(); peer != null; peer = asking.poll()) {
      if (peer.takeAsked() && !suspended && peers.get(peer.publicKey()) == peer) {
        startAttempts(peer, now);
      }
    }
    long due = Long.MAX_VALUE;
    if (suspended) {
      return due;
    }
    for (WireGuardPeer peer : peers.values()) {
      turn(peer, now, epochNanos, output);
      long next = peer.dueNanos(now);
      // What is due and cannot be done, such as a word to a peer that is nowhere, can wait.
      due = Math.min(due, next - now > 0 ? next : now + RETRY_NANOS);
    }
    return due;
  }

  private void startAttempts(WireGuardPeer peer, long now) {
    if (peer.nextAttemptNanos != WireGuardPeer.NEVER) {
      return;
    }
    peer.attemptsSinceNanos = now;
    peer.nextAttemptNanos =
        peer.initiationSentNanos == WireGuardPeer.NEVER
            ? now
            : Math.max(now, peer.initiationSentNanos + Limits.REKEY_TIMEOUT_NANOS);
  }

  private void turn(WireGuardPeer peer, long now, long epochNanos, Output output) {
    peer.expire(now);
    long unanswered = peer.unansweredNanos();
    if (unanswered != WireGuardPeer.NEVER
        && now - unanswered >= Limits.KEEPALIVE_NANOS + Limits.REKEY_TIMEOUT_NANOS) {
      peer.stopWaiting();
      startAttempts(peer, now);
    }
    if (peer.nextAttemptNanos != WireGuardPeer.NEVER) {
      attempt(peer, now, epochNanos, output);
    }
    long owing = peer.owingNanos();
    if (owing != WireGuardPeer.NEVER && now - owing >= Limits.KEEPALIVE_NANOS) {
      Session session = peer.sendingSession(now);
      if (session == null) {
        peer.oweNothing();
      } else {
        sayNothing(peer, session, now, output);
      }
    }
    if (peer.keepaliveNanos != 0 && output.knows(peer) && now - peer.keepaliveDueNanos(now) >= 0) {
      Session session = peer.sendingSession(now);
      if (session == null) {
        startAttempts(peer, now);
      } else {
        sayNothing(peer, session, now, output);
      }
    }
  }

  private void attempt(WireGuardPeer peer, long now, long epochNanos, Output output) {
    long established = peer.establishedNanos();
    if (established != WireGuardPeer.NEVER && established - peer.attemptsSinceNanos > 0) {
      stopAttempts(peer); // The peer was quicker.
      return;
    }
    if (now - peer.nextAttemptNanos < 0) {
      return;
    }
    if (now - peer.attemptsSinceNanos >= Limits.REKEY_ATTEMPT_NANOS || !output.knows(peer)) {
      stopAttempts(peer);
      peer.stopWaiting();
      return;
    }
    forgetPending(peer);
    handshake.remember(peer.publicKey());
    int index = indices.add(peer);
    Handshake.Pending pending =
        handshake.initiate(peer.publicKey(), index, peer.nextTimestamp(epochNanos));
    peer.initiationSentNanos = now;
    peer.nextAttemptNanos =
        now + Limits.REKEY_TIMEOUT_NANOS + random.nextLong(Limits.REKEY_JITTER_NANOS + 1);
    if (pending == null) {
      indices.remove(index);
      return;
    }
    peer.pending = pending;
    peer.macs.append(pending.message(), now);
    peer.said(now);
    output.send(peer, pending.message());
  }
}
