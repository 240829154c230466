package net.culvert.node.kernel.abi;

/** The offload header of a packet that was read or is written with {@code IFF_VNET_HDR}. */
@Header("linux/virtio_net.h")
public final class VirtioNet {

  // flags.
  public static final int VIRTIO_NET_HDR_F_NEEDS_CSUM = 0x1;
  public static final int VIRTIO_NET_HDR_F_DATA_VALID = 0x2;
  public static final int VIRTIO_NET_HDR_F_RSC_INFO = 0x4;

  // gso_type.
  public static final int VIRTIO_NET_HDR_GSO_NONE = 0x0;
  public static final int VIRTIO_NET_HDR_GSO_TCPV4 = 0x1;
  public static final int VIRTIO_NET_HDR_GSO_UDP = 0x3;
  public static final int VIRTIO_NET_HDR_GSO_TCPV6 = 0x4;

  @Since("6.2")
  public static final int VIRTIO_NET_HDR_GSO_UDP_L4 = 5;

  public static final int VIRTIO_NET_HDR_GSO_ECN = 0x80;

  /** Native byte order unless {@code TUNSETVNETLE} was called. */
  @Struct("virtio_net_hdr")
  public static final class VirtioNetHdr {
    public static final int SIZEOF = 10;
    public static final int FLAGS = 0;
    public static final int GSO_TYPE = 1;
    public static final int HDR_LEN = 2;
    public static final int GSO_SIZE = 4;
    public static final int CSUM_START = 6;
    public static final int CSUM_OFFSET = 8;

    private VirtioNetHdr() {}
  }

  private VirtioNet() {}
}
