package net.culvert.node.configuration;

/** What a node does about a packet filter that drops what it forwards. */
public enum FirewallMode {
  /** It says so, with the rule that would help. */
  OBSERVE,
  /** It makes that rule, keeps it, and removes it when nothing needs it any more. */
  ALLOW
}
