package net.culvert.node.security;

import org.springframework.core.Ordered;

/**
 * Where each filter stands; the audit log is between the first two, and limits on bodies follow.
 */
final class FilterOrder {

  static final int HEADERS = Ordered.HIGHEST_PRECEDENCE;
  static final int ORIGIN = Ordered.HIGHEST_PRECEDENCE + 20;
  static final int CORS = Ordered.HIGHEST_PRECEDENCE + 30;
  static final int RATE = Ordered.HIGHEST_PRECEDENCE + 40;
  static final int AUTHENTICATION = Ordered.HIGHEST_PRECEDENCE + 50;

  private FilterOrder() {}
}
