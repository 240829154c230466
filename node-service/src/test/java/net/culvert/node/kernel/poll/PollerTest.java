package net.culvert.node.kernel.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Poll;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;
import net.culvert.node.testing.FaultInjectingSyscalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class PollerTest {

  private final FaultInjectingSyscalls faults = new FaultInjectingSyscalls(Syscalls.real());
  private final Syscalls syscalls = faults.syscalls();
  private final EventFd first = new EventFd(syscalls);
  private final EventFd second = new EventFd(syscalls);
  private final Poller poller = new Poller(syscalls, 2);

  PollerTest() {
    assertThat(poller.add(first.descriptor(), Poll.POLLIN)).isZero();
    assertThat(poller.add(second.descriptor(), Poll.POLLIN)).isEqualTo(1);
  }

  @AfterEach
  void nothingStaysOpen() {
    first.close();
    second.close();
    assertThat(faults.openDescriptors()).isEmpty();
  }

  @Test
  void findsTheOneThatIsReady() {
    assertThat(poller.poll(0)).isZero();
    assertThat(poller.isReadable(0)).isFalse();
    second.signal();
    second.signal();
    assertThat(poller.poll(0)).isEqualTo(1);
    assertThat(poller.isReadable(0)).isFalse();
    assertThat(poller.isReadable(1)).isTrue();
    assertThat(second.clear()).isTrue();
    assertThat(second.clear()).isFalse();
    assertThat(poller.poll(0)).isZero();
  }

  @Test
  void aSignalOfAnotherThreadEndsTheWait() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    Thread waiter =
        Thread.ofPlatform()
            .start(() -> {
              started.countDown();
              int ready = poller.poll(-1);
              assertThat(ready).isEqualTo(1);
            });
    started.await();
    first.signal();
    assertThat(waiter.join(java.time.Duration.ofSeconds(5))).isTrue();
  }

  @Test
  void whatIsNotWantedIsNotReported() {
    first.signal();
    poller.setEvents(0, 0);
    assertThat(poller.poll(0)).isZero();
    poller.setEvents(0, Poll.POLLIN);
    assertThat(poller.poll(0)).isEqualTo(1);
  }

  @Test
  void aFailedWaitLeavesNoOldAnswer() {
    first.signal();
    assertThat(poller.poll(0)).isEqualTo(1);
    faults.failCall("poll", 1, Errno.EINTR);
    assertThat(poller.poll(0)).isZero();
    assertThat(poller.isReadable(0)).isFalse();
    faults.failCall("poll", 1, Errno.ENOMEM);
    assertThatThrownBy(() -> poller.poll(0)).isInstanceOf(SystemCallException.class);
  }

  @Test
  void interruptedSignalsAndReadsGoOn() {
    faults.failCall("write", 1, Errno.EINTR);
    first.signal();
    faults.failCall("read", 1, Errno.EINTR);
    assertThat(first.clear()).isTrue();
  }

  @Test
  void aSignalAfterCloseIsNothing() {
    first.close();
    first.signal();
    assertThat(first.clear()).isFalse();
  }

  @Test
  void theSetIsFixed() {
    assertThatThrownBy(() -> poller.add(first.descriptor(), Poll.POLLIN))
        .hasMessage("the poller has its 2 descriptors already");
    assertThatThrownBy(() -> new Poller(syscalls, Poller.MAX_DESCRIPTORS + 1))
        .hasMessageContaining("1 to 4096");
  }
}
