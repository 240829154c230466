package net.culvert.node.transport.wireguard;

import java.util.random.RandomGenerator;

/** Initiations as somebody makes them who knows a tunnel's public key and means to keep it busy. */
public final class ForgedInitiations {

  private final Macs.Generator macs;
  private final RandomGenerator random;

  public ForgedInitiations(PublicKey responder, RandomGenerator random) {
    this.macs = new Macs.Generator(responder);
    this.random = random;
  }

  /** One with a right mac1 and nothing else that is right. */
  public byte[] next() {
    byte[] message = new byte[MessageType.INITIATION.bytes()];
    random.nextBytes(message);
    LittleEndian.putI32(message, 0, CipherSuite.WIREGUARD.typeNumber(MessageType.INITIATION));
    macs.append(message, 0);
    return message;
  }
}
