package net.culvert.node.kernel.abi;

/** Attributes of addresses. */
@Header("linux/if_addr.h")
public final class IfAddr {

  public static final int IFA_ADDRESS = 1;
  public static final int IFA_LOCAL = 2;
  public static final int IFA_LABEL = 3;
  public static final int IFA_BROADCAST = 4;
  public static final int IFA_CACHEINFO = 6;
  public static final int IFA_FLAGS = 8;

  @Since("5.18")
  public static final int IFA_PROTO = 11;

  // IFA_FLAGS.
  public static final int IFA_F_SECONDARY = 0x1;
  public static final int IFA_F_NODAD = 0x2;
  public static final int IFA_F_DADFAILED = 0x8;
  public static final int IFA_F_DEPRECATED = 0x20;
  public static final int IFA_F_TENTATIVE = 0x40;
  public static final int IFA_F_PERMANENT = 0x80;
  public static final int IFA_F_MANAGETEMPADDR = 0x100;
  public static final int IFA_F_NOPREFIXROUTE = 0x200;

  /** Before the attributes of an address. */
  @Struct("ifaddrmsg")
  public static final class Ifaddrmsg {
    public static final int SIZEOF = 8;
    public static final int IFA_FAMILY = 0;
    public static final int IFA_PREFIXLEN = 1;
    public static final int IFA_FLAGS = 2;
    public static final int IFA_SCOPE = 3;
    public static final int IFA_INDEX = 4;

    private Ifaddrmsg() {}
  }

  private IfAddr() {}
}
