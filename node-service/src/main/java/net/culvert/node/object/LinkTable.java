package net.culvert.node.object;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.culvert.node.kernel.abi.Errno;
import net.culvert.node.kernel.rtnetlink.Link;
import net.culvert.node.kernel.sys.KernelException;

/**
 * The links of each namespace, asked for once a look however many kinds of object need them. On the
 * reconciler's thread alone.
 *
 * <p>What is remembered serves to find a link's index. A write names its link by that index, which
 * the kernel never gives to another: where the link has gone meanwhile the kernel says so, and then
 * it is asked anew.
 */
final class LinkTable {

  /** Beyond so many that are not known yet, reading all links is quicker than asking for each. */
  static final int MAX_ASKED_BY_NAME = 16;

  private static final class Known {
    final Map<String, Link> byName = new HashMap<>();
    boolean complete;
  }

  private final IdentityHashMap<Namespaces.Entered, Known> known = new IdentityHashMap<>();

  /** A write for a link of that index. */
  @FunctionalInterface
  interface Write {
    void on(Link link);
  }

  /** A look begins: what an earlier one saw is history. */
  void forgetAll() {
    known.clear();
  }

  /** Something was done to a link, or may have been. */
  void forget(Namespaces.Entered entered, String name) {
    Known of = known.get(entered);
    if (of != null) {
      of.byName.remove(name);
      of.complete = false;
    }
  }

  private Known of(Namespaces.Entered entered) {
    return known.computeIfAbsent(entered, any -> new Known());
  }

  /** Every link of a namespace, as this look sees it. */
  Collection<Link> all(Namespaces.Entered entered) {
    Known of = of(entered);
    if (!of.complete) {
      of.byName.clear();
      entered.rtnetlink().links().forEach(link -> of.byName.put(link.name(), link));
      of.complete = true;
    }
    return of.byName.values();
  }

  /** Those of the named links that this look sees. */
  Map<String, Link> seen(Namespaces.Entered entered, Collection<String> names) {
    Known of = of(entered);
    if (!of.complete) {
      List<String> missing = new ArrayList<>(names);
      missing.removeIf(of.byName::containsKey);
      if (missing.size() > MAX_ASKED_BY_NAME) {
        all(entered);
      } else if (!missing.isEmpty()) {
        // By their own name: an alternative one finds a link that is called otherwise.
        entered
            .rtnetlink()
            .links(missing)
            .values()
            .forEach(link -> of.byName.put(link.name(), link));
      }
    }
    Map<String, Link> found = new HashMap<>();
    for (String name : names) {
      Link link = of.byName.get(name);
      if (link != null) {
        found.put(name, link);
      }
    }
    return found;
  }

  Optional<Link> seen(Namespaces.Entered entered, String name) {
    return Optional.ofNullable(seen(entered, List.of(name)).get(name));
  }

  /** The name of a link that this look sees, or that the kernel has. */
  Optional<String> nameOf(Namespaces.Entered entered, int index) {
    for (Link link : of(entered).byName.values()) {
      if (link.index() == index) {
        return Optional.of(link.name());
      }
    }
    Optional<Link> asked =
        of(entered).complete ? Optional.empty() : entered.rtnetlink().link(index);
    asked.ifPresent(link -> of(entered).byName.put(link.name(), link));
    return asked.map(Link::name);
  }

  /** The link to write to: one that is not known is asked for, since it may have come meanwhile. */
  Optional<Link> current(Namespaces.Entered entered, String name) {
    Link link = of(entered).byName.get(name);
    return link != null ? Optional.of(link) : fresh(entered, name);
  }

  /** As the kernel has it now. */
  Optional<Link> fresh(Namespaces.Entered entered, String name) {
    Optional<Link> link = entered.rtnetlink().link(name);
    forget(entered, name);
    link.ifPresent(found -> of(entered).byName.put(found.name(), found));
    return link;
  }

  /**
   * Writes to a link, and once again where the one that is remembered is not there any more.
   *
   * @return whether there is such a link
   */
  boolean write(Namespaces.Entered entered, String name, Write write) {
    Optional<Link> link = current(entered, name);
    if (link.isEmpty()) {
      return false;
    }
    try {
      write.on(link.get());
      return true;
    } catch (KernelException e) {
      if (e.errno() != Errno.ENODEV) {
        throw e;
      }
      Optional<Link> now = fresh(entered, name);
      if (now.isPresent() && now.get().index() == link.get().index()) {
        throw e;
      }
      now.ifPresent(write::on);
      return now.isPresent();
    }
  }
}
