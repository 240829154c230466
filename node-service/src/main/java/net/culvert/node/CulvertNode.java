package net.culvert.node;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The node: one host's control plane behind a REST API, and its data plane on threads of its own.
 */
@SpringBootApplication
public class CulvertNode {

  public static void main(String[] args) {
    SpringApplication.run(CulvertNode.class, args);
  }
}
