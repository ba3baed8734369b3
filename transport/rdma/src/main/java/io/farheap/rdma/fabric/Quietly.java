package io.farheap.rdma.fabric;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives things back whose failure to be given back concerns nobody but the log. */
final class Quietly {
  private static final Logger LOG = LoggerFactory.getLogger(Quietly.class);

  /** A call of the verbs. */
  interface Verb {
    int call() throws IOException;
  }

  private Quietly() {}

  /** Calls a verb, if there is one. */
  static void run(Verb verb) {
    if (verb != null) {
      try {
        verb.call();
      } catch (IOException e) {
        LOG.warn("an RDMA resource is lost until the process ends: {}", e.getMessage());
      }
    }
  }
}
