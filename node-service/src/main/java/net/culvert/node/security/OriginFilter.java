package net.culvert.node.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import net.culvert.api.problem.ProblemType;
import net.culvert.node.web.problem.ProblemWriter;
import net.culvert.node.web.problem.Problems;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses what another site's page sends through a browser.
 *
 * <ul>
 *   <li>Against DNS rebinding the host that is asked for must be one of this node's names, or an
 *       address: a page whose name was made to lead here still asks for its own name, and an
 *       address cannot be made to lead elsewhere.
 *   <li>A page of another origin is refused, unless the configuration names it.
 * </ul>
 */
final class OriginFilter extends OncePerRequestFilter {

  private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[.*]");

  private final Set<String> hosts = new HashSet<>();
  private final Set<String> origins;
  private final ProblemWriter problems;

  OriginFilter(Collection<String> hosts, Collection<String> origins, ProblemWriter problems) {
    hosts.forEach(host -> this.hosts.add(host.toLowerCase(Locale.ROOT)));
    this.origins = Set.copyOf(origins);
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (!isOurs(request.getServerName())) {
      problems.write(
          request,
          response,
          Problems.of(
              ProblemType.MISDIRECTED,
              "This node does not answer for the host '"
                  + request.getServerName()
                  + "'; its names are its addresses, localhost, the host's name, and those of"
                  + " culvert.api.allowed-hosts."));
    } else if (origin != null && !origin.equals(ownOrigin(request)) && !origins.contains(origin)) {
      problems.write(
          request,
          response,
          Problems.of(
              ProblemType.CROSS_ORIGIN,
              "Pages of '"
                  + origin
                  + "' may not call it: culvert.api.cors.allowed-origins names"
                  + " those that may."));
    } else {
      chain.doFilter(request, response);
    }
  }

  private boolean isOurs(String name) {
    String host = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    return ADDRESS.matcher(host).matches() || hosts.contains(host.toLowerCase(Locale.ROOT));
  }

  /** As a browser writes it: without the port that the scheme has anyway. */
  private static String ownOrigin(HttpServletRequest request) {
    int usual = request.getScheme().equals("https") ? 443 : 80;
    String port = request.getServerPort() == usual ? "" : ":" + request.getServerPort();
    return request.getScheme() + "://" + request.getServerName().toLowerCase(Locale.ROOT) + port;
  }
}
