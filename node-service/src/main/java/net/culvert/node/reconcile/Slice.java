package net.culvert.node.reconcile;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One resource as a round of the reconciler sees it.
 *
 * @param generation of the resource's last change; grows also where the wish went back to an older
 *     revision
 * @param objects what it wishes now; empty once it was deleted
 * @param orphans what it wished before and nobody wishes now
 * @param refusal why the wish, which the store had, means nothing any more; null where it does
 */
record Slice(
    ResourceId id,
    long generation,
    Map<ObjectKey, Object> objects,
    Set<ObjectKey> orphans,
    @Nullable String refusal) {}
