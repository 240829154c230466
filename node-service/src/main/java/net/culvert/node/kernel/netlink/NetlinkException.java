package net.culvert.node.kernel.netlink;

import net.culvert.node.kernel.sys.KernelException;
import org.jspecify.annotations.Nullable;

/**
 * A request that the kernel refused. The message reads {@code RTM_NEWLINK veth1: EINVAL (Invalid
 * argument): mtu less than device minimum}, its last part in the kernel's own words.
 */
public final class NetlinkException extends KernelException {

  /** Neither offset nor missing attribute. */
  public static final int NONE = -1;

  private static final long serialVersionUID = 1L;

  private final @Nullable String kernelSentence;
  private final int attributeOffset;
  private final int missingAttribute;

  /**
   * @param operation the message type's name
   * @param object what the request was about
   * @param errno positive
   * @param kernelSentence of the extended acknowledgement, or null
   * @param attributeOffset of the offending attribute in the request, in bytes from the beginning
   *     of its message header, or {@link #NONE}
   * @param missingAttribute type of an attribute that should have been there, or {@link #NONE}
   */
  NetlinkException(
      String operation,
      String object,
      int errno,
      @Nullable String kernelSentence,
      int attributeOffset,
      int missingAttribute) {
    super(operation, errno, object, detail(kernelSentence, attributeOffset, missingAttribute));
    this.kernelSentence = kernelSentence;
    this.attributeOffset = attributeOffset;
    this.missingAttribute = missingAttribute;
  }

  private static String detail(@Nullable String sentence, int offset, int missing) {
    StringBuilder detail = new StringBuilder();
    if (sentence != null) {
      detail.append(": ").append(sentence);
    }
    if (offset != NONE) {
      detail.append(" (attribute at byte ").append(offset).append(')');
    }
    if (missing != NONE) {
      detail.append(" (attribute ").append(missing).append(" is missing)");
    }
    return detail.toString();
  }

  @Override
  public @Nullable String kernelSentence() {
    return kernelSentence;
  }

  /** Bytes from the beginning of the request's header, or {@link #NONE}. */
  public int attributeOffset() {
    return attributeOffset;
  }

  /** An attribute type, or {@link #NONE}. */
  public int missingAttribute() {
    return missingAttribute;
  }
}
