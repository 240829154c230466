package net.culvert.node.testing;

import java.util.OptionalInt;
import net.culvert.api.value.IpAddress;
import net.culvert.node.object.HostFacts;
import net.culvert.node.object.LinkKey;
import org.jspecify.annotations.Nullable;

/** A host with one egress and no other links. */
public record FixedFacts(OptionalInt egress) implements HostFacts {

  @Override
  public OptionalInt egressMtu(@Nullable IpAddress destination) {
    return egress;
  }

  @Override
  public boolean linkExists(LinkKey link) {
    return false;
  }
}
