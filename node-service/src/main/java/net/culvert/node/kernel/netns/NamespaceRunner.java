package net.culvert.node.kernel.netns;

import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.abi.Sched;
import net.culvert.node.kernel.sys.Syscalls;
import net.culvert.node.kernel.sys.SystemCallException;
import org.jspecify.annotations.Nullable;

/**
 * Runs code inside a network namespace.
 *
 * <p>A thread that entered a namespace is never used for anything else: each call has a platform
 * thread of its own that dies with it. What the code opens (sockets, TUN devices, files of {@code
 * /proc/sys/net}) stays in that namespace and can be used from any thread afterwards.
 */
public final class NamespaceRunner {

  /** Code for inside; it must end by itself, for nothing interrupts it. */
  @FunctionalInterface
  public interface Action<T, E extends Exception> {
    T run() throws E;
  }

  private final Syscalls syscalls;

  public NamespaceRunner(Syscalls syscalls) {
    this.syscalls = syscalls;
  }

  /**
   * Runs and waits for the end; an interrupt of the caller is kept for later. In the process's own
   * namespace it needs no privilege, so that a node without any can start and say what is missing.
   *
   * @throws SystemCallException where setns(2) fails; what the action throws comes out as it is
   */
  public <T, E extends Exception> T call(NetworkNamespace namespace, Action<T, E> action) throws E {
    return onOwnThread(() -> {
      long answer = syscalls.setns(namespace.descriptor().fd(), Sched.CLONE_NEWNET);
      if (answer != -Errno.EPERM || !isCurrent(namespace)) {
        SystemCallException.check(answer, "setns", namespace.toString());
      }
      return action.run();
    });
  }

  /**
   * Runs in a new network namespace without a name, which is gone once nothing that the action
   * opened is open any more.
   *
   * @throws SystemCallException where unshare(2) fails; what the action throws comes out as it is
   */
  public <T, E extends Exception> T callApart(Action<T, E> action) throws E {
    return onOwnThread(() -> {
      SystemCallException.check(syscalls.unshare(Sched.CLONE_NEWNET), "unshare", "network");
      return action.run();
    });
  }

  /** Whether the calling thread is in that namespace already. */
  private boolean isCurrent(NetworkNamespace namespace) {
    try (NetworkNamespace current = NetworkNamespace.current(syscalls)) {
      return current.inode() == namespace.inode();
    }
  }

  /** Runs on a platform thread that is thrown away, so that the action may change its thread. */
  static <T, E extends Exception> T onOwnThread(Action<T, E> action) throws E {
    Outcome<T, E> outcome = new Outcome<>(action);
    Thread thread = Thread.ofPlatform().name("netns").daemon().unstarted(outcome);
    thread.start();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return outcome.get();
  }

  /** What an action came to; written by its thread, read after that thread has ended. */
  private static final class Outcome<T, E extends Exception> implements Runnable {
    private final Action<T, E> action;
    private @Nullable T result;
    private @Nullable Throwable failure;

    Outcome(Action<T, E> action) {
      this.action = action;
    }

    @Override
    public void run() {
      try {
        result = action.run();
      } catch (Throwable t) {
        failure = t;
      }
    }

    // The action throws E and unchecked exceptions only, and a T is there unless it threw.
    @SuppressWarnings({"unchecked", "NullAway"})
    T get() throws E {
      return switch (failure) {
        case null -> result;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw (E) failure;
      };
    }
  }
}
