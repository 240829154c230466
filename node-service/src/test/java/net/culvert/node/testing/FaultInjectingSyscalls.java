package net.culvert.node.testing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import net.culvert.node.kernel.sys.Syscalls;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a test and the kernel: counts the calls, fails one of them, and knows which
 * descriptors are open.
 *
 * <p>A failed call does not reach the kernel, but {@code close}, which frees its descriptor
 * whatever it answers, as on Linux. Thread-safe.
 */
public final class FaultInjectingSyscalls {

  private static final Set<String> OPENING = Set.of("open", "socket", "eventfd");

  private final Syscalls kernel;
  private final Predicate<Thread> counted;
  private final Syscalls proxy;
  private final List<String> calls = new ArrayList<>();
  private final Set<Integer> open = new TreeSet<>();

  private @Nullable String failingName;
  private int failingPosition;
  private int failingErrno;
  private int matched;
  private boolean failed;

  public FaultInjectingSyscalls(Syscalls kernel) {
    this(kernel, thread -> true);
  }

  /**
   * As the other, where calls of some threads only are counted and can fail.
   *
   * @param counted those threads
   */
  public FaultInjectingSyscalls(Syscalls kernel, Predicate<Thread> counted) {
    this.kernel = kernel;
    this.counted = counted;
    InvocationHandler handler = (self, method, arguments) -> intercept(method, arguments);
    this.proxy =
        (Syscalls)
            Proxy.newProxyInstance(
                Syscalls.class.getClassLoader(), new Class<?>[] {Syscalls.class}, handler);
  }

  /** What to hand to the code under test. */
  public Syscalls syscalls() {
    return proxy;
  }

  /** Lets the n-th call from now on, counted from 1, answer −errno; forgets the calls so far. */
  public synchronized void failCall(int n, int errno) {
    arm(null, n, errno);
  }

  /** Lets the n-th call of that name from now on, counted from 1, answer −errno. */
  public synchronized void failCall(String name, int n, int errno) {
    arm(name, n, errno);
  }

  /** Lets every call through again; forgets the calls so far. */
  public synchronized void disarm() {
    arm(null, Integer.MAX_VALUE, 0);
  }

  private void arm(@Nullable String name, int n, int errno) {
    failingName = name;
    failingPosition = n;
    failingErrno = errno;
    matched = 0;
    failed = false;
    calls.clear();
  }

  /** Whether the armed failure has happened: false after a run means there are fewer calls. */
  public synchronized boolean hasFailed() {
    return failed;
  }

  /** The names of the calls since the last arming, in order. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /** Descriptors that were opened through this and are not closed. */
  public synchronized Set<Integer> openDescriptors() {
    return Set.copyOf(open);
  }

  @SuppressWarnings("restricted") // The two descriptors stand where the caller said.
  private long intercept(Method method, Object @Nullable [] arguments) throws Throwable {
    String name = method.getName();
    int errno = record(name);
    if (name.equals("close")) {
      // Forgotten before the kernel can give the number to somebody else.
      forget(arguments);
    }
    if (errno != 0 && !name.equals("close")) {
      return -errno;
    }
    long result;
    try {
      result = (Long) method.invoke(kernel, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    if (result >= 0 && OPENING.contains(name)) {
      remember((int) result);
    }
    if (result == 0 && name.equals("socketpair") && arguments != null) {
      MemorySegment pair = MemorySegment.ofAddress((Long) arguments[3]).reinterpret(8);
      remember(pair.getAtIndex(ValueLayout.JAVA_INT, 0));
      remember(pair.getAtIndex(ValueLayout.JAVA_INT, 1));
    }
    return errno != 0 ? -errno : result;
  }

  private synchronized int record(String name) {
    if (!counted.test(Thread.currentThread())) {
      return 0;
    }
    calls.add(name);
    if ((failingName == null || failingName.equals(name)) && ++matched == failingPosition) {
      failed = true;
      return failingErrno;
    }
    return 0;
  }

  private synchronized void remember(int fd) {
    open.add(fd);
  }

  private synchronized void forget(Object @Nullable [] arguments) {
    if (arguments != null) {
      open.remove((Integer) arguments[0]);
    }
  }
}
