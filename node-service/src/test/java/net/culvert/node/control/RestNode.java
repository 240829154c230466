package net.culvert.node.control;

import java.util.SortedSet;

/** A node that answers requests, and the kernel under it. */
interface RestNode {

  /**
   * What was answered.
   *
   * @param etag "null" where there is none
   */
  record Answer(int status, String body, String etag) {}

  /**
   * One call.
   *
   * @param path below {@code /api/v1/}
   * @param body empty for none
   * @param headers names and values in turn
   */
  Answer call(String method, String path, String body, String... headers);

  /**
   * What the kernel holds of namespaces, links, addresses, routes, neighbours and proxy ARP, in the
   * words of the keys; nothing that is there without any wish.
   */
  SortedSet<String> inventory();
}
