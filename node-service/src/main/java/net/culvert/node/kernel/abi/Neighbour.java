package net.culvert.node.kernel.abi;

/** Attributes of neighbours. */
@Header("linux/neighbour.h")
public final class Neighbour {

  public static final int NDA_DST = 1;
  public static final int NDA_LLADDR = 2;
  public static final int NDA_CACHEINFO = 3;
  public static final int NDA_PROBES = 4;
  public static final int NDA_MASTER = 9;
  public static final int NDA_IFINDEX = 8;
  public static final int NDA_PROTOCOL = 12;

  // ndm_flags.
  public static final int NTF_SELF = 0x2;
  public static final int NTF_PROXY = 0x8;
  public static final int NTF_ROUTER = 0x80;

  // ndm_state.
  public static final int NUD_NONE = 0x0;
  public static final int NUD_INCOMPLETE = 0x1;
  public static final int NUD_REACHABLE = 0x2;
  public static final int NUD_STALE = 0x4;
  public static final int NUD_DELAY = 0x8;
  public static final int NUD_PROBE = 0x10;
  public static final int NUD_FAILED = 0x20;
  public static final int NUD_NOARP = 0x40;
  public static final int NUD_PERMANENT = 0x80;

  /** Before the attributes of a neighbour. */
  @Struct("ndmsg")
  public static final class Ndmsg {
    public static final int SIZEOF = 12;
    public static final int NDM_FAMILY = 0;
    public static final int NDM_IFINDEX = 4;
    public static final int NDM_STATE = 8;
    public static final int NDM_FLAGS = 10;
    public static final int NDM_TYPE = 11;

    private Ndmsg() {}
  }

  private Neighbour() {}
}
