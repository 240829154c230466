package net.culvert.node.object;

/** An address that is there; its key says all else. */
public record AddressState() {

  public static final AddressState PRESENT = new AddressState();
}
