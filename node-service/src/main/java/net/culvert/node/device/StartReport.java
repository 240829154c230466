package net.culvert.node.device;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import net.culvert.node.kernel.sys.FileDescriptor;
import net.culvert.node.kernel.sys.Syscalls;
import org.jspecify.annotations.Nullable;

/** Tells whoever waits for the start in the background how it went, once, and lets go of it. */
final class StartReport {

  /** Where nobody waits. */
  static final StartReport NONE = new StartReport(null);

  private static final String READY = "ready";

  private final @Nullable FileDescriptor descriptor;

  private StartReport(@Nullable FileDescriptor descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * @param fd of a pipe, or null for nobody
   */
  static StartReport to(@Nullable Integer fd) {
    return fd == null
        ? NONE
        : new StartReport(FileDescriptor.own(Syscalls.real(), fd, "open", "the start's report"));
  }

  void ready() {
    tell(READY);
  }

  void failed(String why) {
    tell(why);
  }

  private void tell(String text) {
    if (descriptor == null) {
      return;
    }
    try (descriptor;
        Arena arena = Arena.ofConfined()) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      MemorySegment memory = arena.allocate(Math.max(1, bytes.length));
      MemorySegment.copy(
          bytes, 0, memory, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, bytes.length);
      // Who has stopped waiting is told nothing.
      var _ = Syscalls.real().write(descriptor.fd(), memory.address(), bytes.length);
    }
  }
}
