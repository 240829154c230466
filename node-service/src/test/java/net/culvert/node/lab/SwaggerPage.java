package net.culvert.node.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A node's Swagger UI in a headless Chromium, used as a person does: by what stands on the page.
 *
 * <p>The browser is the system's; Playwright brings its driver and downloads nothing.
 */
final class SwaggerPage implements AutoCloseable {

  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final int PATIENCE_MILLIS = 30_000;
  private static final JsonMapper JSON = new JsonMapper();

  private final Playwright playwright;
  private final Browser browser;
  private final Page page;
  private final List<String> complaints = new ArrayList<>();

  /**
   * A row of the page.
   *
   * @param method in lower case
   * @param path as the page has it, with its variables
   */
  record Operation(String method, String path) {}

  /**
   * What the page shows of an answer.
   *
   * @param status of HTTP
   * @param body as JSON
   */
  record Answer(int status, JsonNode body) {}

  /** Opens the page of a node and waits until the operations stand there. */
  SwaggerPage(URI node) {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    try {
      browser =
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions()
                      .setExecutablePath(CHROMIUM)
                      .setHeadless(true)
                      .setArgs(
                          List.of(
                              "--no-sandbox",
                              "--disable-gpu",
                              "--disable-quic",
                              "--no-first-run",
                              "--disable-background-networking",
                              "--disable-component-update",
                              "--disable-sync")));
      page = browser.newPage(new Browser.NewPageOptions().setViewportSize(1280, 1600));
      page.setDefaultTimeout(PATIENCE_MILLIS);
      page.onConsoleMessage(message -> {
        if (message.type().equals("error") || message.type().equals("warning")) {
          complaints.add(message.text());
        }
      });
      page.onPageError(complaints::add);
      page.navigate(node + "/swagger-ui.html");
      page.locator(".opblock").first().waitFor();
    } catch (RuntimeException e) {
      playwright.close();
      throw e;
    }
  }

  /** What the browser wrote to its console as an error or a warning. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** The groups of operations, in the order in which they stand there. */
  List<String> groups() {
    return page.locator(".opblock-tag").all().stream()
        .map(tag -> tag.getAttribute("data-tag"))
        .toList();
  }

  /** Presses Authorize and enters a token; one that was entered before is forgotten first. */
  void authorize(String token) {
    page.locator(".scheme-container button.authorize").click();
    Locator dialog = page.locator(".modal-ux");
    Locator logout = dialog.getByText("Logout");
    if (logout.count() > 0) {
      logout.click();
    }
    dialog.locator("input").fill(token);
    dialog.locator("button.authorize").click();
    dialog.locator("button.btn-done").click();
  }

  /** Presses Try it out and Execute with everything as it stands, and reads the answer. */
  Answer execute(Operation operation) {
    Locator block = open(operation);
    Locator tryItOut = block.locator("button.try-out__btn:not(.cancel)");
    if (tryItOut.count() > 0) {
      tryItOut.click();
    }
    Locator clear = block.locator("button.btn-clear");
    if (clear.count() > 0) {
      clear.click();
    }
    block.locator("button.execute").click();
    Locator answer = block.locator(".live-responses-table tbody tr.response").first();
    answer.waitFor();
    String status = answer.locator(".response-col_status").innerText().strip();
    String body = answer.locator(".highlight-code code").first().innerText();
    assertThat(status).as(body).matches("(?s)\\d{3}\\b.*");
    return new Answer(Integer.parseInt(status.substring(0, 3)), JSON.readTree(body));
  }

  /** Every operation that stands on the page. */
  List<Operation> operations() {
    return page.locator(".opblock").all().stream()
        .map(block ->
            new Operation(
                block.locator(".opblock-summary-method").innerText().toLowerCase(Locale.ROOT),
                String.valueOf(block.locator(".opblock-summary-path").getAttribute("data-path"))))
        .toList();
  }

  /** The few words beside an operation's path. */
  String summary(Operation operation) {
    return block(operation).locator(".opblock-summary-description").innerText().strip();
  }

  /** What an operation says of itself once it is opened. */
  String description(Operation operation) {
    return open(operation).locator(".opblock-description").innerText().strip();
  }

  private Locator open(Operation operation) {
    Locator block = block(operation);
    Locator body = block.locator(".opblock-body");
    if (body.count() == 0) {
      block.locator(".opblock-summary-control").click();
      body.waitFor();
    }
    return block;
  }

  private Locator block(Operation operation) {
    return page.locator(
        ".opblock-%s:has(.opblock-summary-path[data-path='%s'])"
            .formatted(operation.method(), operation.path()));
  }

  /** A picture of the whole page, for whoever wants to look at it. */
  void screenshot(Path file) {
    page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
  }

  /** A picture of one operation as it stands now. */
  void screenshot(Operation operation, Path file) {
    block(operation).screenshot(new Locator.ScreenshotOptions().setPath(file));
  }

  @Override
  public void close() {
    playwright.close();
  }
}
