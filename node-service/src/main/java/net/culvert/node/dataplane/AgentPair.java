package net.culvert.node.dataplane;

/**
 * Who turns the two agents of a queue: one thread both while packets are few, each its own thread
 * when they are many.
 *
 * <p>Between two rare packets a thread sleeps and must be woken, which the packet waits for. So the
 * leader's thread, the outbound one, turns both as long as they can keep up: the answer that a
 * packet brings about is often there at once, in the same thread's next turn. After a packet that
 * is usually answered soon it looks for a moment longer before it sleeps, for at most a fifth of
 * all time. When it had work {@value #BUSY_TURNS} turns on end, or a batch was full, the follower's
 * thread takes its agent over, and gives it back after a calm {@value #CALM_NANOS} ns.
 *
 * <p>An agent is only ever turned by the thread whose turn it is by {@link #together}, which each
 * of the two threads sets only when it is not turning what it gives away.
 */
final class AgentPair {

  /** Turns with work on end, all without a wait, after which one thread is not enough. */
  static final int BUSY_TURNS = 16;

  /** Packets of one turn that show the same. */
  static final int BUSY_PACKETS = 24;

  /** How long it must be calm before one thread serves both again. */
  static final long CALM_NANOS = 50_000_000;

  /** Packets within that time, both ways, that still count as calm. */
  static final int CALM_PACKETS = 100;

  /** How long the leader looks for an answer. */
  static final long LOOK_NANOS = 100_000;

  /**
   * An answer that came so soon after a sleep would have been seen by looking, but for the wake.
   */
  private static final long SOON_NANOS = 2 * LOOK_NANOS;

  /** The leader may look for one part in so many of all time. */
  private static final int LOOK_PART = 5;

  private static final long MOST_CREDIT_NANOS = 2_000_000;
  private static final int SURE = 3;
  private static final int LIKELY = 2;

  private final Agent outbound;
  private final Agent inbound;
  private final Leader leader = new Leader();
  private final Follower follower = new Follower();
  private Runnable wakeLeader = () -> {};
  private Runnable wakeFollower = () -> {};

  private volatile boolean together = true;
  private volatile boolean leaderFails;

  /** Written by the leader's thread alone. */
  private volatile long sentPackets;

  AgentPair(Agent outbound, Agent inbound) {
    this.outbound = outbound;
    this.inbound = inbound;
  }

  /** How the two threads end each other's wait; to be told before they start. */
  void wakeBy(Runnable wakesLeader, Runnable wakesFollower) {
    wakeLeader = wakesLeader;
    wakeFollower = wakesFollower;
  }

  /** For the outbound thread. */
  Agent leader() {
    return leader;
  }

  /** For the inbound thread. */
  Agent follower() {
    return follower;
  }

  /** What the outbound thread waits for. */
  Input leaderInput() {
    return together ? Input.ALL : Input.OWN;
  }

  /** What the inbound thread waits for. */
  Input followerInput() {
    return together ? Input.NONE : Input.OWN;
  }

  private void part() {
    together = false;
    wakeFollower.run();
  }

  private final class Leader implements Agent {

    private int busyTurns;
    private boolean lastWasInbound;
    private long lastWorkNanos;
    private long lastTurnNanos;
    private long creditNanos;
    private boolean looked;

    /** How sure it is that something follows soon, after an outbound and an inbound packet. */
    private final int[] soon = new int[2];

    @Override
    public String name() {
      return outbound.name();
    }

    @Override
    public int doWork(long nowNanos) {
      int sent;
      try {
        sent = outbound.doWork(nowNanos);
      } catch (Throwable e) {
        leaderFails = true;
        if (together) {
          part();
        }
        throw e;
      }
      leaderFails = false;
      publish(sent);
      if (!together) {
        return sent;
      }
      int received;
      try {
        received = inbound.doWork(nowNanos);
      } catch (Throwable e) {
        // It will meet the same in its own thread, which counts it, tells it and waits.
        part();
        return sent;
      }
      if (sent + received == 0) {
        return look(nowNanos);
      }
      learn(nowNanos);
      lastWasInbound = received != 0;
      lastWorkNanos = nowNanos;
      boolean full = !outbound.isDrained() || !inbound.isDrained();
      if (++busyTurns >= BUSY_TURNS || full || sent + received >= BUSY_PACKETS) {
        busyTurns = 0;
        part();
      }
      return sent + received;
    }

    // Written by this thread alone; the other only reads it.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void publish(int sent) {
      if (sent != 0) {
        sentPackets += sent;
      }
    }

    /** Something came: was it soon after what came before? */
    private void learn(long now) {
      int kind = lastWasInbound ? 1 : 0;
      boolean isNew = busyTurns == 0;
      if (isNew) {
        boolean wasSoon = now - lastWorkNanos < SOON_NANOS;
        soon[kind] = wasSoon ? Math.min(SURE, soon[kind] + 1) : Math.max(0, soon[kind] - 1);
      }
    }

    /** Nothing to do: 1 to be turned again at once, 0 to wait. */
    private int look(long now) {
      busyTurns = 0;
      long spent = now - lastTurnNanos;
      lastTurnNanos = now;
      creditNanos = Math.min(MOST_CREDIT_NANOS, creditNanos + spent / LOOK_PART);
      if (looked) {
        creditNanos -= spent;
      }
      looked =
          soon[lastWasInbound ? 1 : 0] >= LIKELY
              && now - lastWorkNanos < LOOK_NANOS
              && creditNanos > 0;
      return looked ? 1 : 0;
    }

    @Override
    public boolean isDrained() {
      return !together && outbound.isDrained();
    }
  }

  private final class Follower implements Agent {

    private boolean wasTogether = true;
    private long sinceNanos;
    private long packets;
    private long sentBefore;

    @Override
    public String name() {
      return inbound.name();
    }

    @Override
    public int doWork(long nowNanos) {
      if (together) {
        wasTogether = true;
        return 0;
      }
      if (wasTogether) {
        wasTogether = false;
        begin(nowNanos);
      }
      int received = inbound.doWork(nowNanos);
      packets += received;
      if (nowNanos - sinceNanos >= CALM_NANOS) {
        long all = packets + sentPackets - sentBefore;
        begin(nowNanos);
        if (all <= CALM_PACKETS && !leaderFails) {
          together = true;
          wakeLeader.run();
          return 0;
        }
      }
      return received;
    }

    private void begin(long now) {
      sinceNanos = now;
      packets = 0;
      sentBefore = sentPackets;
    }

    @Override
    public boolean isDrained() {
      return together || inbound.isDrained();
    }

    @Override
    public long longestWaitNanos() {
      return together ? AgentRunner.IDLE_NANOS : CALM_NANOS;
    }
  }

  /** What a thread waits for besides being woken. */
  enum Input {
    /** Nothing else. */
    NONE,
    /** Its own agent's descriptors. */
    OWN,
    /** Those of both agents. */
    ALL
  }
}
