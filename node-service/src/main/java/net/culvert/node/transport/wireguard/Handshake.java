package net.culvert.node.transport.wireguard;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The two messages of Noise IKpsk2 (WireGuard paper, sections 5.4.2 and 5.4.3), without their codes
 * at the end.
 *
 * <pre>
 * initiation: type u32 | sender u32 | ephemeral 32 | static 32+16 | time stamp 12+16 | mac1 | mac2
 * response:   type u32 | sender u32 | receiver u32 | ephemeral 32 | empty 0+16       | mac1 | mac2
 * </pre>
 *
 * <p>Messages handed in have the length of their type. The records lend their arrays to the one
 * caller and are never compared. One thread.
 */
final class Handshake {

  private static final int SENDER_AT = 4;
  private static final int RECEIVER_AT = 8;
  private static final int INITIATION_EPHEMERAL_AT = 8;
  private static final int STATIC_AT = 40;
  private static final int TIMESTAMP_AT = 88;
  private static final int RESPONSE_EPHEMERAL_AT = 12;
  private static final int EMPTY_AT = 44;

  private final CipherSuite suite;
  private final PrivateKey own;
  private final RandomGenerator random;
  private final AeadCipher cipher;

  /** What the static keys agree on, of those peers that we know. */
  private final Map<PublicKey, byte[]> agreements = new HashMap<>();

  Handshake(CipherSuite suite, PrivateKey own, RandomGenerator random) {
    this.suite = suite;
    this.own = own;
    this.random = random;
    this.cipher = new AeadCipher(suite);
  }

  /** What the initiator keeps until the response comes. */
  @SuppressWarnings("ArrayRecordComponent")
  record Pending(byte[] message, int index, PrivateKey ephemeral, SymmetricState state) {

    void destroy() {
      ephemeral.destroy();
      state.destroy();
    }

    @Override
    public String toString() {
      return "handshake " + Integer.toUnsignedString(index);
    }
  }

  /** An initiation that was opened: who sent it and when, not yet whether that is welcome. */
  @SuppressWarnings("ArrayRecordComponent")
  record Received(
      PublicKey peer,
      byte[] timestamp,
      int senderIndex,
      PublicKey ephemeral,
      SymmetricState state) {

    /** It will not be answered. */
    void destroy() {
      state.destroy();
    }

    @Override
    public String toString() {
      return "initiation of " + peer;
    }
  }

  /**
   * The keys of a session.
   *
   * @param message the response to send, empty on the initiator's side
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Secrets(byte[] message, int remoteIndex, SealingKey send, SealingKey receive) {

    @Override
    public String toString() {
      return "secrets for " + Integer.toUnsignedString(remoteIndex);
    }
  }

  /** The peer is one of ours: what our static keys agree on is worked out once. */
  void remember(PublicKey peer) {
    if (!agreements.containsKey(peer)) {
      byte[] shared = own.agree(peer);
      if (shared != null) {
        agreements.put(peer, shared);
      }
    }
  }

  /** The peer is no longer one of ours. */
  void forget(PublicKey peer) {
    overwrite(agreements.remove(peer));
  }

  /** An agreement that nothing comes of. */
  private static void overwrite(byte @Nullable [] shared) {
    if (shared != null) {
      Arrays.fill(shared, (byte) 0);
    }
  }

  /** A copy, which is overwritten when it was mixed in; null if the key is of low order. */
  private byte @Nullable [] agreeWith(PublicKey peer) {
    byte[] known = agreements.get(peer);
    return known == null ? own.agree(peer) : known.clone();
  }

  /**
   * Begins a handshake.
   *
   * @return null if the peer's key is of low order
   */
  @Nullable Pending initiate(PublicKey peer, int index, byte[] timestamp) {
    byte[] shared = agreeWith(peer);
    PrivateKey ephemeral = PrivateKey.generate(random);
    byte[] ephemeralShared = ephemeral.agree(peer);
    if (shared == null || ephemeralShared == null) {
      overwrite(shared);
      overwrite(ephemeralShared);
      ephemeral.destroy();
      return null;
    }
    byte[] message = new byte[MessageType.INITIATION.bytes()];
    LittleEndian.putI32(message, 0, suite.typeNumber(MessageType.INITIATION));
    LittleEndian.putI32(message, SENDER_AT, index);
    byte[] ephemeralBytes = ephemeral.publicKey().bytes();
    System.arraycopy(ephemeralBytes, 0, message, INITIATION_EPHEMERAL_AT, KeyText.KEY_BYTES);
    SymmetricState state = SymmetricState.begin(suite, cipher, peer);
    state.mixEphemeral(ephemeralBytes);
    state.seal(state.mixKeyAndDerive(ephemeralShared), own.publicKey().bytes(), message, STATIC_AT);
    state.seal(state.mixKeyAndDerive(shared), timestamp, message, TIMESTAMP_AT);
    return new Pending(message, index, ephemeral, state);
  }

  /**
   * Opens an initiation.
   *
   * @return null if it was forged, or made with a key of low order
   */
  @Nullable Received receive(byte[] message) {
    PublicKey ephemeral = keyAt(message, INITIATION_EPHEMERAL_AT);
    byte[] ephemeralShared = own.agree(ephemeral);
    if (ephemeralShared == null) {
      return null;
    }
    SymmetricState state = SymmetricState.begin(suite, cipher, own.publicKey());
    state.mixEphemeral(ephemeral.bytes());
    byte[] staticBytes = new byte[KeyText.KEY_BYTES];
    if (!state.open(state.mixKeyAndDerive(ephemeralShared), message, STATIC_AT, staticBytes)) {
      state.destroy();
      return null;
    }
    PublicKey peer = PublicKey.of(staticBytes);
    byte[] shared = agreeWith(peer);
    byte[] timestamp = new byte[Tai64n.BYTES];
    if (shared == null
        || !state.open(state.mixKeyAndDerive(shared), message, TIMESTAMP_AT, timestamp)) {
      state.destroy();
      return null;
    }
    int sender = LittleEndian.i32(message, SENDER_AT);
    return new Received(peer, timestamp, sender, ephemeral, state);
  }

  /** Answers an initiation, which is used up; null if it was made with a key of low order. */
  @Nullable Secrets respond(Received received, PresharedKey preshared, int index) {
    PrivateKey ephemeral = PrivateKey.generate(random);
    byte[] ephemeralShared = ephemeral.agree(received.ephemeral());
    byte[] shared = ephemeral.agree(received.peer());
    byte[] ephemeralBytes = ephemeral.publicKey().bytes();
    ephemeral.destroy();
    if (ephemeralShared == null || shared == null) {
      overwrite(shared);
      overwrite(ephemeralShared);
      received.destroy();
      return null;
    }
    byte[] message = new byte[MessageType.RESPONSE.bytes()];
    LittleEndian.putI32(message, 0, suite.typeNumber(MessageType.RESPONSE));
    LittleEndian.putI32(message, SENDER_AT, index);
    LittleEndian.putI32(message, RECEIVER_AT, received.senderIndex());
    System.arraycopy(ephemeralBytes, 0, message, RESPONSE_EPHEMERAL_AT, KeyText.KEY_BYTES);
    SymmetricState state = received.state();
    state.mixEphemeral(ephemeralBytes);
    state.mixKey(ephemeralShared);
    state.mixKey(shared);
    state.seal(state.mixPresharedKey(preshared), new byte[0], message, EMPTY_AT);
    SealingKey[] keys = state.split();
    return new Secrets(message, received.senderIndex(), keys[1], keys[0]);
  }

  /**
   * Ends a handshake by its response. The pending half is used up only if that succeeds.
   *
   * @return null if the response was forged, or made with another preshared key
   */
  @Nullable Secrets finish(Pending pending, byte[] message, PresharedKey preshared) {
    PublicKey ephemeral = keyAt(message, RESPONSE_EPHEMERAL_AT);
    byte[] ephemeralShared = pending.ephemeral().agree(ephemeral);
    byte[] shared = own.agree(ephemeral);
    if (ephemeralShared == null || shared == null) {
      overwrite(shared);
      overwrite(ephemeralShared);
      return null;
    }
    SymmetricState state = pending.state().copy();
    state.mixEphemeral(ephemeral.bytes());
    state.mixKey(ephemeralShared);
    state.mixKey(shared);
    if (!state.open(state.mixPresharedKey(preshared), message, EMPTY_AT, new byte[0])) {
      state.destroy();
      return null;
    }
    SealingKey[] keys = state.split();
    pending.destroy();
    return new Secrets(new byte[0], LittleEndian.i32(message, SENDER_AT), keys[0], keys[1]);
  }

  /** The index that the receiver of a response, cookie reply or data message gave out. */
  static int receiverIndex(MessageType type, byte[] message) {
    return LittleEndian.i32(message, type == MessageType.RESPONSE ? RECEIVER_AT : SENDER_AT);
  }

  private static PublicKey keyAt(byte[] message, int at) {
    return PublicKey.of(Arrays.copyOfRange(message, at, at + KeyText.KEY_BYTES));
  }
}
