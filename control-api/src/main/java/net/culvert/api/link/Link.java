package net.culvert.api.link;

import java.util.List;
import net.culvert.api.resource.ResourceStatus;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.LinkName;
import net.culvert.api.value.ResourceName;
import org.jspecify.annotations.Nullable;

/** A link as it is wished, with defaults filled in, and how far the kernel is. */
public record Link(
    LinkName name,
    String kind,
    @Nullable ResourceName namespace,
    List<InterfaceAddress> addresses,
    @Nullable Integer mtu,
    boolean up,
    boolean proxyArp,
    @Nullable LinkName master,
    @Nullable LinkPeerSpec peer,
    @Nullable LinkName parent,
    @Nullable String mode,
    long revision,
    ResourceStatus status) {}
