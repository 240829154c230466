package net.culvert.node.link;

import net.culvert.node.reconcile.Expansion;
import net.culvert.node.reconcile.Surroundings;

/** What a kind may look at, and where it puts what it needs. */
record LinkSurroundings(Surroundings wishes, Expansion.Builder expansion) {}
