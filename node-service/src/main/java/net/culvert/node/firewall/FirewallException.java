package net.culvert.node.firewall;

/** A packet filter could not be read or changed; the message is a sentence. */
final class FirewallException extends Exception {

  FirewallException(String message) {
    super(message);
  }
}
