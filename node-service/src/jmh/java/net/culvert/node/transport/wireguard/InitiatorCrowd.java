package net.culvert.node.transport.wireguard;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import net.culvert.node.transport.Conversation;
import net.culvert.node.transport.TransportPeer;

/**
 * Many WireGuard peers in one process, each a whole device with a key and a UDP socket of its own,
 * which all begin a handshake with one node at the same moment. {@code deploy/bench} measures the
 * node by it.
 *
 * <p>Arguments: the node's address, port and public key; how many peers; the first of their IPv4
 * addresses, which must be local, 250 to a /24; their keepalive interval in seconds. It writes the
 * peers' public keys, a line each, and waits for a line of input. Then all initiations, made
 * beforehand, are sent in one go; each peer goes on as any WireGuard does, with cookies, repetitions
 * and keepalives. When the last has a session it writes {@code established SECONDS
 * initiations N cookies N}, and ends with its input.
 */
public final class InitiatorCrowd {

  private static final int ADDRESSES_IN_A_NETWORK = 250;
  private static final long TURN_NANOS = 20_000_000;
  private static final long GIVE_UP_NANOS = 60_000_000_000L;

  private final List<One> all = new ArrayList<>();
  private final Selector selector = Selector.open();
  private final ByteBuffer incoming = ByteBuffer.allocate(2048);
  private final long epochOffsetNanos;
  private boolean holding = true;
  private int initiations;
  private int cookies;
  private int established;

  private InitiatorCrowd() throws IOException {
    epochOffsetNanos = System.currentTimeMillis() * 1_000_000 - System.nanoTime();
  }

  /** One peer. */
  private final class One implements Conversation.Output {
    private final DatagramChannel channel;
    private final WireGuardDevice device;
    private final PrivateKey key;
    private final List<byte[]> held = new ArrayList<>();
    private final WireGuardPeer node;
    private boolean counted;

    One(InetSocketAddress from, InetSocketAddress to, PublicKey nodeKey, int keepaliveSeconds, SecureRandom random)
        throws IOException {
      key = PrivateKey.generate(random);
      device = new WireGuardDevice(CipherSuite.WIREGUARD, key, random);
      node =
          (WireGuardPeer)
              device.admit(
                  new WireGuardIdentity(nodeKey, PresharedKey.NONE, keepaliveSeconds),
                  System.nanoTime());
      channel = DatagramChannel.open();
      channel.bind(from);
      channel.connect(to);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
    }

    void turn(long now) {
      var _ = device.turn(now, now + epochOffsetNanos, this);
    }

    void hear(byte[] message, int length, long now) {
      int type = length < 4 ? 0 : LittleEndian.i32(message, 0);
      if (type == CipherSuite.WIREGUARD.typeNumber(MessageType.DATA)) {
        Session session = node.sendingSession(now);
        if (session != null) {
          node.received(session, length > MessageType.DATA.bytes(), now);
        }
        return;
      }
      Conversation.Verdict verdict =
          device.receive(
              message, length, new byte[6], false, now, now + epochOffsetNanos, this);
      if (verdict == Conversation.Verdict.ACCEPTED
          && type == CipherSuite.WIREGUARD.typeNumber(MessageType.COOKIE_REPLY)) {
        cookies++;
      }
      if (!counted && node.sendingSession(now) != null) {
        counted = true;
        established++;
      }
    }

    private void write(byte[] message) {
      if (holding) {
        held.add(message);
        return;
      }
      if (LittleEndian.i32(message, 0)
          == CipherSuite.WIREGUARD.typeNumber(MessageType.INITIATION)) {
        initiations++;
      }
      try {
        channel.write(ByteBuffer.wrap(message));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void send(TransportPeer peer, byte[] message) {
      write(message);
    }

    @Override
    public void reply(byte[] message) {
      write(message);
    }

    @Override
    public void locate(TransportPeer peer) {}

    @Override
    public boolean knows(TransportPeer peer) {
      return true;
    }
  }

  public static void main(String[] arguments) throws IOException {
    InetSocketAddress node =
        new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
    PublicKey nodeKey = PublicKey.parse(arguments[2]);
    int count = Integer.parseInt(arguments[3]);
    String[] first = arguments[4].split("\\.");
    int keepaliveSeconds = Integer.parseInt(arguments[5]);
    InitiatorCrowd crowd = new InitiatorCrowd();
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < count; i++) {
      String address =
          first[0]
              + "."
              + first[1]
              + "."
              + (Integer.parseInt(first[2]) + i / ADDRESSES_IN_A_NETWORK)
              + "."
              + (Integer.parseInt(first[3]) + i % ADDRESSES_IN_A_NETWORK);
      One one =
          crowd.new One(
              new InetSocketAddress(address, 0), node, nodeKey, keepaliveSeconds, random);
      crowd.all.add(one);
      System.out.println(one.key.publicKey());
    }
    System.out.flush();
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    if (input.readLine() != null) {
      Thread.ofPlatform().daemon().start(() -> awaitEnd(input));
      crowd.run();
    }
  }

  /** Whoever started this wants it no more, or is gone. */
  private static void awaitEnd(BufferedReader input) {
    try {
      while (input.readLine() != null) {
        // Nothing more is expected.
      }
    } catch (IOException e) {
      // That is an end as well.
    }
    System.exit(0);
  }

  private void run() throws IOException {
    for (One one : all) {
      one.node.ask(System.nanoTime());
      one.turn(System.nanoTime());
    }
    holding = false;
    long start = System.nanoTime();
    for (One one : all) {
      one.held.forEach(one::write);
    }
    boolean told = false;
    long nextTurn = start;
    while (true) {
      selector.select(TURN_NANOS / 1_000_000);
      for (SelectionKey ready : selector.selectedKeys()) {
        drain((One) ready.attachment());
      }
      selector.selectedKeys().clear();
      long now = System.nanoTime();
      if (now - nextTurn >= 0) {
        nextTurn = now + TURN_NANOS;
        all.forEach(one -> one.turn(now));
      }
      if (!told && (established == all.size() || now - start > GIVE_UP_NANOS)) {
        told = true;
        System.out.printf(
            "established %d seconds %.3f initiations %d cookies %d%n",
            established, (now - start) / 1e9, initiations, cookies);
        System.out.flush();
      }
    }
  }

  private void drain(One one) throws IOException {
    while (true) {
      incoming.clear();
      int length;
      try {
        length = one.channel.read(incoming);
      } catch (java.net.PortUnreachableException e) {
        return;
      }
      if (length <= 0) {
        return;
      }
      one.hear(incoming.array(), length, System.nanoTime());
    }
  }
}
