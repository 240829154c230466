package net.culvert.node.transport.wireguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The primitives against the vectors of the documents that define them. */
class PrimitivesTest {

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  /** RFC 7693, appendix B. */
  @Test
  void blake2s() {
    assertThat(Blake2s.hash("abc".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(hex("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"));
  }

  /** RFC 7748, section 6.1. */
  @Test
  void x25519() {
    PrivateKey alice =
        PrivateKey.of(hex("77076d0a7318a57d3c16c17251b26645 df4c2f87ebc0992ab177fba51db92c2a"));
    PrivateKey bob =
        PrivateKey.of(hex("5dab087e624a8a4b79e17f8b83800ee6 6f3bb1292618b6fd1c2f8b27ff88e0eb"));
    assertThat(alice.publicKey().bytes())
        .isEqualTo(hex("8520f0098930a754748b7ddcb43ef75a 0dbf3a0d26381af4eba4a98eaa9b4e6a"));
    byte[] shared = hex("4a5d9d5ba4ce2de1728e3bf480350f25 e07e21c947d19e3376f09b3c1e161742");
    assertThat(alice.agree(bob.publicKey())).isEqualTo(shared);
    assertThat(bob.agree(alice.publicKey())).isEqualTo(shared);
  }

  /** RFC 8439, appendix A.5: nonce 00000000 0102030405060708 is the counter 0x0807060504030201. */
  @Test
  void chaCha20Poly1305() {
    byte[] key = hex("1c9240a5eb55d38af333888604f6b5f0 473917c1402b80099dca5cbc207075c0");
    byte[] data = hex("f33388860000000000004e91");
    byte[] opened = new byte[265 + AeadCipher.TAG_BYTES];
    byte[] sealed =
        hex(
            "64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb2"
                + "4c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf"
                + "332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c855"
                + "9797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4"
                + "b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523e"
                + "af4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a"
                + "0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a10"
                + "49e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29"
                + "a6ad5cb4022b02709beead9d67890cbb22392336fea1851f38");
    AeadCipher cipher = new AeadCipher(CipherSuite.WIREGUARD);
    int length =
        cipher.open(
            new SealingKey(CipherSuite.WIREGUARD, key),
            0x0807060504030201L,
            data,
            sealed,
            0,
            sealed.length,
            opened,
            0);
    assertThat(length).isEqualTo(265);
    assertThat(new String(opened, 0, 22, StandardCharsets.US_ASCII))
        .isEqualTo("Internet-Drafts are dr");
  }

  /** The GCM specification's test case 14: key, nonce and plaintext of zeros. */
  @Test
  void aesGcm() {
    byte[] out = new byte[32];
    AeadCipher cipher = new AeadCipher(CipherSuite.CULVERT_AES);
    int length =
        cipher.seal(
            new SealingKey(CipherSuite.CULVERT_AES, new byte[32]), 0, new byte[16], 0, 16, out, 0);
    assertThat(length).isEqualTo(32);
    assertThat(out)
        .isEqualTo(hex("cea7403d4d606b6e074ec5d3baf39d18 d0d1c8a799996bf0265b98b5d48ab919"));
  }

  /**
   * Suites write the same counter in opposite orders; a JDK cipher with the nonce by hand agrees.
   */
  @Test
  void theAesNonceIsBigEndian() throws Exception {
    byte[] key = new byte[32];
    byte[] out = new byte[20];
    AeadCipher cipher = new AeadCipher(CipherSuite.CULVERT_AES);
    int length =
        cipher.seal(
            new SealingKey(CipherSuite.CULVERT_AES, key),
            0x0102030405060708L,
            new byte[4],
            0,
            4,
            out,
            0);
    javax.crypto.Cipher jdk = javax.crypto.Cipher.getInstance("AES/GCM/NoPadding");
    jdk.init(
        javax.crypto.Cipher.ENCRYPT_MODE,
        new javax.crypto.spec.SecretKeySpec(key, "AES"),
        new javax.crypto.spec.GCMParameterSpec(128, hex("00000000 0102030405060708")));
    assertThat(Arrays.copyOf(out, length)).isEqualTo(jdk.doFinal(new byte[4]));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
      })
  void lowOrder(String key) {
    PublicKey low = PublicKey.of(hex(key));
    assertThat(low.isLowOrder()).isTrue();
    assertThat(PrivateKey.of(hex("11".repeat(32))).agree(low)).isNull();
    assertThat(PrivateKey.of(hex("11".repeat(32))).publicKey().isLowOrder()).isFalse();
  }

  @Test
  void keysAsText() {
    String text = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    assertThat(PublicKey.parse(text)).hasToString(text);
    PrivateKey secret = PrivateKey.parse(text);
    assertThat(PrivateKey.parse(secret.toBase64())).isEqualTo(secret);
    assertThat(secret.toString()).doesNotContain(secret.toBase64());
    assertThat(PresharedKey.parse(text).toString()).doesNotContain(text);
    assertThatThrownBy(() -> PrivateKey.parse("yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBml="))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("yAnz5TF");
    assertThatThrownBy(() -> PublicKey.parse("AAAA")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PublicKey.parse("*".repeat(44)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
