package net.culvert.node.control;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import net.culvert.node.CulvertNode;
import net.culvert.node.object.KernelEvents;
import net.culvert.node.reconcile.DesiredStore;
import net.culvert.node.reconcile.Operations;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.WebApplicationContext;

/** The node as it is, but for its kernel, which is in memory, and its disk, which keeps nothing. */
final class MemoryNode implements RestNode, AutoCloseable {

  private final MemoryKernel kernel = new MemoryKernel();
  private final ConfigurableApplicationContext context;
  private final MockMvc requests;

  /**
   * @param state where it may leave its token
   */
  MemoryNode(Path state) {
    BeanPostProcessor between =
        new BeanPostProcessor() {
          @Override
          public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof Operations<?, ?> real ? kernel.operations(real) : bean;
          }
        };
    context =
        new SpringApplicationBuilder(CulvertNode.class)
            .initializers(starting -> {
              starting.getBeanFactory().addBeanPostProcessor(between);
              ((GenericApplicationContext) starting)
                  .registerBean(
                      "memoryStore",
                      DesiredStore.class,
                      DesiredStore::inMemory,
                      definition -> definition.setPrimary(true));
            })
            .run(
                "--server.port=0",
                "--culvert.state-directory=" + state,
                "--culvert.data-plane.rehearsal=0s",
                "--culvert.reconcile.resync-period=1h");
    KernelEvents.Listener events = context.getBean(KernelEvents.Listener.class);
    kernel.listener(events::changed);
    requests = MockMvcBuilders.webAppContextSetup((WebApplicationContext) context).build();
  }

  MemoryKernel kernel() {
    return kernel;
  }

  @Override
  public Answer call(String method, String path, String body, String... headers) {
    MockHttpServletRequestBuilder request =
        MockMvcRequestBuilders.request(HttpMethod.valueOf(method), "/api/v1/{path}", "")
            .uri("/api/v1/" + path);
    if (!body.isEmpty()) {
      request.contentType("application/json").content(body);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      MockHttpServletResponse answer = requests.perform(request).andReturn().getResponse();
      return new Answer(
          answer.getStatus(),
          answer.getContentAsString(),
          String.valueOf(answer.getHeader("ETag")));
    } catch (Exception e) {
      throw new AssertionError(method + " " + path + " " + body, e);
    }
  }

  @Override
  public SortedSet<String> inventory() {
    SortedSet<String> all = new TreeSet<>(kernel.inventory());
    all.removeIf(line -> List.of("tunnel", "peer").contains(line.split(" ", 2)[0]));
    return all;
  }

  @Override
  public void close() {
    context.close();
  }
}
