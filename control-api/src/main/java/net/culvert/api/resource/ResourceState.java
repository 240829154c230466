package net.culvert.api.resource;

/** Where a wish stands. */
public enum ResourceState {
  /** The kernel is as wished. */
  APPLIED,
  /** Accepted; the kernel is not there yet. */
  PENDING,
  /** Accepted once, cannot be made true now; kept and tried again. */
  FAILED
}
