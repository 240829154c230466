package net.culvert.node.transport.wireguard;

import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A responder's part of a handshake with a peer that it knows. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HandshakeBenchmark {

  private final SecureRandom random = new SecureRandom();
  private final PrivateKey own = PrivateKey.generate(random);
  private final PrivateKey theirs = PrivateKey.generate(random);
  private final Handshake responder = new Handshake(CipherSuite.WIREGUARD, own, random);
  private final Macs.Checker checker =
      new Macs.Checker(CipherSuite.WIREGUARD, own.publicKey(), random);
  private final byte[] initiation;

  public HandshakeBenchmark() {
    initiation =
        requireNonNull(
                new Handshake(CipherSuite.WIREGUARD, theirs, random)
                    .initiate(own.publicKey(), 7, Tai64n.of(0)))
            .message();
    new Macs.Generator(own.publicKey()).append(initiation, 0);
    responder.remember(theirs.publicKey());
  }

  @Benchmark
  public Object respond() {
    if (!checker.hasMac1(initiation, initiation.length)) {
      throw new IllegalStateException("mac1");
    }
    return requireNonNull(
        responder.respond(
            requireNonNull(responder.receive(initiation)), PresharedKey.NONE, 9));
  }
}
