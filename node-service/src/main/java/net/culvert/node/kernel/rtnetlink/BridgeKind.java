package net.culvert.node.kernel.rtnetlink;

/** An Ethernet bridge; links become its ports by {@link LinkRequest#master}. */
public record BridgeKind() implements LinkKind {

  public static final String NAME = "bridge";

  @Override
  public String name() {
    return NAME;
  }
}
