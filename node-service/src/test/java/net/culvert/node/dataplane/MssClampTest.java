package net.culvert.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.culvert.node.packet.Bytes;
import net.culvert.node.packet.Checksum;
import net.culvert.node.packet.IpHeader;
import net.culvert.node.packet.IpProtocol;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a SYN announces is lowered, and its checksum stays right. */
class MssClampTest {

  private static final int AT = 16;
  private static final int TCP = AT + 20;
  private static final int SYN = 0x02;

  private final MemorySegment memory = Arena.ofAuto().allocate(256);
  private final IpHeader header = new IpHeader();

  /** An IPv4 TCP packet with these options, padded to four bytes, and a right checksum. */
  private void packet(int flags, int... options) {
    int optionBytes = (options.length + 3) / 4 * 4;
    int total = 40 + optionBytes;
    Bytes.putU8(memory, AT, 0x45);
    Bytes.putU16(memory, AT + 2, total);
    Bytes.putU8(memory, AT + 8, 64);
    Bytes.putU8(memory, AT + 9, IpProtocol.TCP);
    Bytes.putI32(memory, AT + 12, 0x0a010102);
    Bytes.putI32(memory, AT + 16, 0x0a010202);
    Bytes.putU8(memory, TCP + 12, (20 + optionBytes) / 4 << 4);
    Bytes.putU8(memory, TCP + 13, flags);
    for (int i = 0; i < options.length; i++) {
      memory.set(ValueLayout.JAVA_BYTE, TCP + 20L + i, (byte) options[i]);
    }
    Bytes.putU16(memory, TCP + 16, 0);
    Bytes.putU16(memory, TCP + 16, checksum(20 + optionBytes));
    assertThat(header.parse(memory, AT, total)).isTrue();
  }

  private int checksum(int length) {
    long pseudo = Checksum.pseudoHeader(memory, AT + 12, 4, IpProtocol.TCP, length);
    return Checksum.finish(Checksum.add(memory, TCP, length, pseudo));
  }

  private boolean isChecksumRight() {
    return checksum(header.totalBytes() - 20) == 0;
  }

  @ParameterizedTest
  @CsvSource({"1460, 1432, 1472", "1433, 1432, 1472", "1432, 1432, 1472", "536, 536, 1472"})
  void isLoweredAndNeverRaised(int announced, int becomes, int mtu) {
    packet(SYN, 2, 4, announced >> 8, announced & 0xff, 4, 2);
    assertThat(MssClamp.apply(memory, AT, header, mtu, false)).isEqualTo(announced != becomes);
    assertThat(Bytes.u16(memory, TCP + 22)).isEqualTo(becomes);
    assertThat(isChecksumRight()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2", "3, 3"})
  void isFoundBehindOtherOptionsAtAnyOffset(int kind, int length) {
    int[] before = kind == 1 ? new int[length] : new int[] {3, 3, 7};
    if (kind == 1) {
      java.util.Arrays.fill(before, 1);
    }
    int[] options = java.util.Arrays.copyOf(before, before.length + 4);
    options[before.length] = 2;
    options[before.length + 1] = 4;
    options[before.length + 2] = 0x05;
    options[before.length + 3] = 0xb4;
    packet(SYN, options);
    assertThat(MssClamp.apply(memory, AT, header, 1280, false)).isTrue();
    assertThat(Bytes.u16(memory, TCP + 20 + before.length + 2)).isEqualTo(1240);
    assertThat(isChecksumRight()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void anOpenChecksumHoldsNothingOfTheOption(boolean open) {
    packet(SYN, 2, 4, 0x05, 0xb4);
    int before = Bytes.u16(memory, TCP + 16);
    assertThat(MssClamp.apply(memory, AT, header, 1280, open)).isTrue();
    assertThat(Bytes.u16(memory, TCP + 16) == before).isEqualTo(open);
  }

  @ParameterizedTest
  @CsvSource({"2, 0", "2, 3", "2, 40", "8, 1", "0, 4"})
  void rubbishIsLeftAlone(int kind, int length) {
    packet(SYN, kind, length, 0x05, 0xb4);
    assertThat(MssClamp.apply(memory, AT, header, 1280, false)).isFalse();
    assertThat(isChecksumRight()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"16", "1", "4"})
  void onlyASynAnnounces(int flags) {
    packet(flags, 2, 4, 0x05, 0xb4);
    assertThat(MssClamp.apply(memory, AT, header, 1280, false)).isFalse();
  }
}
