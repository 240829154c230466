package net.culvert.node.object;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.culvert.api.value.InterfaceAddress;
import net.culvert.api.value.LinkName;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.rtnetlink.Address;
import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.rtnetlink.RouteProtocol;
import net.culvert.node.kernel.rtnetlink.Rtnetlink;
import net.culvert.node.kernel.sys.KernelException;
import net.culvert.node.reconcile.Description;
import net.culvert.node.reconcile.Kind;
import net.culvert.node.reconcile.ObjectKey;
import net.culvert.node.reconcile.OperationException;
import net.culvert.node.reconcile.Operations;
import org.jspecify.annotations.Nullable;

/** Addresses of our links; ours carry the mark as their protocol (Linux 5.18). */
final class AddressOperations implements Operations<AddressKey, AddressState> {

  private final Namespaces namespaces;
  private final LinkTable links;
  private final Mark mark;

  AddressOperations(Namespaces namespaces, LinkTable links, Mark mark) {
    this.namespaces = namespaces;
    this.links = links;
    this.mark = mark;
  }

  @Override
  public Kind kind() {
    return Kinds.ADDRESS;
  }

  @Override
  public void beginLook() {
    links.forgetAll();
  }

  @Override
  public Map<AddressKey, AddressState> observe() throws OperationException {
    Map<AddressKey, AddressState> observed = new HashMap<>();
    try {
      for (Namespaces.Entered entered : namespaces.all()) {
        Map<Integer, LinkKey> ours = new HashMap<>();
        for (Link link : links.all(entered)) {
          if (mark.isOn(link)) {
            ours.put(link.index(), new LinkKey(entered.name(), new LinkName(link.name())));
          }
        }
        for (Address address : entered.rtnetlink().addresses()) {
          LinkKey link = ours.get(address.link());
          if (link != null && address.protocol() == RouteProtocol.CULVERT) {
            InterfaceAddress own = new InterfaceAddress(address.address(), address.length());
            observed.put(new AddressKey(link, own), AddressState.PRESENT);
          }
        }
      }
    } catch (KernelException e) {
      throw new OperationException(
          OperationException.Reason.REFUSED,
          "addresses cannot be listed: " + e.getMessage(),
          e.errnoName(),
          e.call(),
          e.kernelSentence(),
          e);
    }
    return observed;
  }

  @Override
  public Map<AddressKey, AddressState> observe(Collection<AddressKey> keys)
      throws OperationException {
    Map<AddressKey, AddressState> observed = new HashMap<>();
    Map<LinkKey, List<AddressKey>> groups =
        keys.stream().collect(Collectors.groupingBy(AddressKey::link));
    for (Map.Entry<LinkKey, List<AddressKey>> group : groups.entrySet()) {
      LinkKey link = group.getKey();
      try {
        Optional<Namespaces.Entered> entered = namespaces.find(link.namespace());
        Optional<Link> found = entered.flatMap(in -> links.seen(in, link.name().value()));
        if (entered.isEmpty() || found.isEmpty()) {
          continue;
        }
        List<Address> addresses = entered.get().rtnetlink().addresses(found.get().index());
        for (AddressKey key : group.getValue()) {
          if (addresses.stream().anyMatch(address -> address.is(key.address()))) {
            observed.put(key, AddressState.PRESENT);
          }
        }
      } catch (KernelException e) {
        throw Refused.by(link, e);
      }
    }
    return observed;
  }

  @Override
  public void create(AddressKey key, AddressState desired) throws OperationException {
    Namespaces.Entered entered = namespaces.require(key.link().namespace());
    boolean done;
    try {
      done =
          links.write(
              entered,
              key.link().name().value(),
              link -> entered.rtnetlink().execute(Address.create(link.index(), key.address())));
    } catch (KernelException e) {
      if (e.errno() != Errno.EEXIST) {
        throw Refused.by(key, e);
      }
      return;
    }
    if (!done) {
      throw Refused.missing(key, key.link());
    }
  }

  @Override
  public void replace(AddressKey key, AddressState observed, AddressState desired)
      throws OperationException {
    create(key, desired);
  }

  @Override
  public void delete(AddressKey key, AddressState observed) throws OperationException {
    Optional<Namespaces.Entered> entered = namespaces.find(key.link().namespace());
    if (entered.isEmpty()) {
      return;
    }
    Rtnetlink rtnetlink = entered.get().rtnetlink();
    try {
      links.write(
          entered.get(),
          key.link().name().value(),
          link -> rtnetlink.execute(Address.delete(link.index(), key.address())));
    } catch (KernelException e) {
      if (e.errno() != Errno.EADDRNOTAVAIL && e.errno() != Errno.ENODEV) {
        throw Refused.by(key, e);
      }
    }
  }

  @Override
  public Description describe(
      AddressKey key,
      @Nullable AddressState observed,
      @Nullable AddressState desired,
      Predicate<ObjectKey> made) {
    return IpCommands.address(key, desired != null);
  }
}
