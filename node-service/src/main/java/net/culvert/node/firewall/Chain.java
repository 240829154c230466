package net.culvert.node.firewall;

import java.util.List;

/**
 * A chain of rules.
 *
 * @param forwards whether the kernel sends forwarded packets through it; such a one has a policy
 * @param drops whether its policy is to drop
 */
record Chain(String name, boolean forwards, boolean drops, List<Rule> rules) {}
