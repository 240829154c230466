package net.culvert.node.tunnel;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import net.culvert.node.dataplane.Rehearsal;
import net.culvert.node.dataplane.RehearsalCast;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.transport.plain.Framing;
import net.culvert.node.transport.plain.PlainTransport;
import net.culvert.node.transport.wireguard.CipherSuite;
import net.culvert.node.transport.wireguard.PacketCipher;
import net.culvert.node.transport.wireguard.PresharedKey;
import net.culvert.node.transport.wireguard.PrivateKey;
import net.culvert.node.transport.wireguard.WireGuardIdentity;
import net.culvert.node.transport.wireguard.WireGuardTransport;
import org.jspecify.annotations.Nullable;

/**
 * What is rehearsed before packets are real: the way of every packet once after the node's start,
 * and what a cipher suite adds to it before the first tunnel of that suite. Most nodes never need
 * the latter, so nobody waits for it before.
 */
final class Rehearsals implements AutoCloseable {

  private final Syscalls syscalls;
  private final PacketCipher.Factory ciphers;
  private final Duration length;
  private final Rehearsal plain;
  private final Set<CipherSuite> rehearsed = EnumSet.noneOf(CipherSuite.class);

  /**
   * @param length how long each takes at most; zero for none
   */
  Rehearsals(Syscalls syscalls, PacketCipher.Factory ciphers, Duration length) {
    this.syscalls = syscalls;
    this.ciphers = ciphers;
    this.length = length;
    this.plain = new Rehearsal(syscalls, RehearsalCast.of(new PlainTransport(Framing.IP)), length);
  }

  /** Begins with what every packet needs, on a thread of its own. To be called once. */
  void start() {
    plain.start();
  }

  /**
   * Waits, a bounded time, until packets under that suite, or under none, can be real. Any thread.
   */
  void await(@Nullable CipherSuite suite) {
    plain.await();
    if (suite == null) {
      return;
    }
    synchronized (rehearsed) {
      if (rehearsed.add(suite)) {
        Rehearsal sealed = new Rehearsal(syscalls, cast(suite), length);
        sealed.start();
        sealed.await();
      }
    }
  }

  private RehearsalCast cast(CipherSuite suite) {
    SecureRandom random = new SecureRandom();
    PrivateKey left = PrivateKey.generate(random);
    PrivateKey right = PrivateKey.generate(random);
    return new RehearsalCast(
        new WireGuardTransport(suite, left, random, ciphers),
        identity(left),
        new WireGuardTransport(suite, right, random, ciphers),
        identity(right));
  }

  private static WireGuardIdentity identity(PrivateKey key) {
    return new WireGuardIdentity(key.publicKey(), PresharedKey.NONE, 0);
  }

  /** Ends what has not ended. */
  @Override
  public void close() {
    plain.close();
  }
}
