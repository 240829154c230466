/**
 * Who may call the API, and what for. A request passes, in this order:
 *
 * <ol>
 *   <li>{@link net.culvert.node.security.HeadersFilter}: what every answer says to a browser
 *   <li>the audit log, which sees how it ends
 *   <li>{@link net.culvert.node.security.OriginFilter}: for this host, and from no other's page
 *   <li>CORS, where it is configured
 *   <li>{@link net.culvert.node.security.RateFilter}: how many a second, and at a time
 *   <li>{@link net.culvert.node.security.AuthenticationFilter}: a token or a certificate, and
 *       whether its role allows the method
 *   <li>{@link net.culvert.node.security.RoleInterceptor}: whether it allows this very call
 * </ol>
 */
@NullMarked
package net.culvert.node.security;

import org.jspecify.annotations.NullMarked;
