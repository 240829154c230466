package net.culvert.api.value;

import static net.culvert.api.value.IpAddress.quote;

/** The two halves of {@code address/length}, before anybody has said what they mean together. */
record AddressAndLength(IpAddress address, int length) {

  static AddressAndLength parse(String text, String what) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          quote(text) + " has no length; write the " + what + " as address/length");
    }
    String digits = text.substring(slash + 1);
    if (!digits.matches("0|[1-9][0-9]{0,2}")) {
      throw new IllegalArgumentException(quote(digits) + " is not a prefix length");
    }
    int length = Integer.parseInt(digits);
    IpAddress address;
    try {
      address = IpAddress.parse(text.substring(0, slash));
    } catch (IllegalArgumentException e) {
      throw withLengthOfIpv4(e, length);
    }
    Prefix.requireLength(address, length);
    return new AddressAndLength(address, length);
  }

  /** The length that an IPv4-mapped address would have as IPv4 completes the suggestion. */
  private static IllegalArgumentException withLengthOfIpv4(IllegalArgumentException e, int length) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("IPv4-mapped") && length >= 96 && length <= 128) {
      return new IllegalArgumentException(message + "/" + (length - 96), e);
    }
    return e;
  }

  static AddressAndLength single(IpAddress address) {
    return new AddressAndLength(address, address.family().bits());
  }
}
