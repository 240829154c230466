package net.culvert.node.transport.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** mac1, mac2 and cookies. */
class MacsTest {

  private static final byte[] HERE = {10, 0, 0, 1, 1, 2};
  private static final byte[] THERE = {10, 0, 0, 1, 1, 3};

  private final Random random = new Random(5);
  private final PublicKey responder = PrivateKey.generate(random).publicKey();
  private final Macs.Checker checker = new Macs.Checker(CipherSuite.WIREGUARD, responder, random);
  private final Macs.Generator generator = new Macs.Generator(responder);

  private byte[] message(long now) {
    byte[] message = new byte[148];
    random.nextBytes(message);
    java.util.Arrays.fill(message, 116, 148, (byte) 0);
    generator.append(message, now);
    return message;
  }

  @Test
  void mac1KnowsItsReceiver() {
    byte[] message = message(0);
    assertThat(checker.hasMac1(message, 148)).isTrue();
    PublicKey other = PrivateKey.generate(random).publicKey();
    assertThat(new Macs.Checker(CipherSuite.WIREGUARD, other, random).hasMac1(message, 148))
        .isFalse();
    message[0] ^= 1;
    assertThat(checker.hasMac1(message, 148)).isFalse();
  }

  @Test
  void aCookieProvesOneAddressForTwoMinutes() {
    byte[] first = message(0);
    assertThat(checker.hasMac2(first, 148, HERE, 0)).isFalse();
    byte[] reply = checker.cookieReply(first, 148, HERE, 0);
    assertThat(generator.take(reply, 0)).isTrue();

    byte[] second = message(1);
    assertThat(checker.hasMac1(second, 148)).isTrue();
    assertThat(checker.hasMac2(second, 148, HERE, 1)).isTrue();
    assertThat(checker.hasMac2(second, 148, THERE, 1)).isFalse();
    assertThat(checker.hasMac2(second, 148, HERE, 120_000_000_000L)).isFalse();

    byte[] late = message(120_000_000_000L);
    assertThat(late).endsWith(new byte[16]);
  }

  @Test
  void aCookieAnswersOneMessageOnce() {
    byte[] reply = checker.cookieReply(message(0), 148, HERE, 0);
    byte[] forged = reply.clone();
    forged[40] ^= 1;
    assertThat(generator.take(forged, 0)).isFalse();
    assertThat(generator.take(reply, 0)).isTrue();
    assertThat(generator.take(reply, 0)).isFalse();
    var _ = message(0);
    assertThat(generator.take(reply, 0)).isFalse();
  }
}
