package io.farheap.apps;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Runs key-value items through a heap larger than its local budget. */
@Command(name = "demo", description = "Load more items than the local budget holds and use them.")
final class DemoCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new UnsupportedOperationException("the demo is not built yet");
  }
}
