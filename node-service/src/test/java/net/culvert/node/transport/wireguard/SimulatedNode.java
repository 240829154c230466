package net.culvert.node.transport.wireguard;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.culvert.node.packet.GatherList;
import net.culvert.node.transport.Conversation;
import net.culvert.node.transport.Opener;
import net.culvert.node.transport.Sealer;
import net.culvert.node.transport.TransportPeer;
import org.jspecify.annotations.Nullable;

/** A device with its sealer and opener, on a {@link SimulatedNetwork} and in its time. */
final class SimulatedNode implements Conversation.Output {

  private static final int ROOM = 4096;

  final int address;
  final PrivateKey privateKey;
  final List<Integer> received = new ArrayList<>();
  final Map<Conversation.Verdict, Integer> verdicts = new HashMap<>();
  final Map<Integer, Integer> refusals = new HashMap<>();
  int unsent;
  boolean underLoad;

  /** What the time of day is ahead of the network's. */
  long epochOffsetNanos = 1_800_000_000_000_000_000L;

  private final SimulatedNetwork network;
  private final WireGuardTransport transport;
  private final Conversation conversation;
  private final Sealer sealer;
  private final Opener opener;
  private final Map<TransportPeer, Integer> addresses = new HashMap<>();
  private final Map<PublicKey, TransportPeer> peers = new HashMap<>();
  private final GatherList pieces;
  private final MemorySegment packet;
  private final MemorySegment room;
  private int current;

  SimulatedNode(
      SimulatedNetwork network, Arena arena, CipherSuite suite, int address, Random random) {
    this.network = network;
    this.address = address;
    this.privateKey = PrivateKey.generate(random);
    this.transport = new WireGuardTransport(suite, privateKey, random);
    this.conversation = transport.conversation();
    this.sealer = transport.newSealer();
    this.opener = transport.newOpener();
    this.pieces = new GatherList(arena, 4);
    this.packet = arena.allocate(ROOM);
    this.room = arena.allocate(ROOM);
  }

  void meet(SimulatedNode other, PresharedKey preshared, int keepaliveSeconds) {
    TransportPeer peer =
        conversation.admit(
            new WireGuardIdentity(other.privateKey.publicKey(), preshared, keepaliveSeconds),
            network.now);
    peers.put(other.privateKey.publicKey(), peer);
    addresses.put(peer, other.address);
  }

  void forgetAll() {
    conversation.retain(Set.of());
  }

  void suspend() {
    transport.suspend();
  }

  void resume() {
    transport.resume(network.now);
  }

  void replaceKey(PrivateKey key) {
    transport.replaceKey(key);
  }

  /** From now on it is not known where the other is. */
  void lose(SimulatedNode other) {
    addresses.remove(peer(other));
  }

  WireGuardPeer peer(SimulatedNode other) {
    return (WireGuardPeer) requireNonNull(peers.get(other.privateKey.publicKey()));
  }

  int addressOf(SimulatedNode other) {
    return requireNonNull(addresses.get(peer(other)));
  }

  int indices() {
    return ((WireGuardDevice) conversation).indices().size();
  }

  /** Sends a packet that is a number; false if there is no session, and then one was asked for. */
  boolean send(SimulatedNode to, int number) {
    TransportPeer peer = peer(to);
    if (!sealer.begin(peer, 1420, network.now)) {
      unsent++;
      return false;
    }
    packet.set(ValueLayout.JAVA_INT, 0, number);
    pieces.clear();
    int length = sealer.seal(packet, 0, 4, MemorySegment.NULL, 0, 0, room, 0, pieces);
    if (length == 0) {
      unsent++;
      return false;
    }
    byte[] datagram = room.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    network.carry(address, requireNonNull(addresses.get(peer)), datagram);
    return true;
  }

  void hear(int from, byte[] datagram) {
    MemorySegment.copy(datagram, 0, room, ValueLayout.JAVA_BYTE, 0, datagram.length);
    int answer = opener.open(room, 0, datagram.length, network.now);
    if (answer == Opener.CONTROL) {
      current = from;
      verdicts.merge(
          conversation.receive(
              datagram,
              datagram.length,
              new byte[] {10, 0, 0, (byte) from, 0, 1},
              underLoad,
              network.now,
              network.now + epochOffsetNanos,
              this),
          1,
          Integer::sum);
    } else if (answer < 0) {
      refusals.merge(answer, 1, Integer::sum);
    } else {
      addresses.put(requireNonNull(opener.peer()), from);
      if (opener.innerBytes() != 0) {
        received.add(room.get(ValueLayout.JAVA_INT_UNALIGNED, answer));
      }
    }
  }

  long turn() {
    return conversation.turn(network.now, network.now + epochOffsetNanos, this);
  }

  @Override
  public boolean knows(TransportPeer peer) {
    return addresses.containsKey(peer);
  }

  @Override
  public void send(TransportPeer peer, byte[] message) {
    Integer to = addresses.get(peer);
    if (to != null) {
      network.carry(address, to, message);
    }
  }

  @Override
  public void reply(byte[] message) {
    network.carry(address, current, message);
  }

  @Override
  public void locate(TransportPeer peer) {
    addresses.put(peer, current);
  }

  @Nullable Session session(SimulatedNode other) {
    return peer(other).sendingSession(network.now);
  }
}
