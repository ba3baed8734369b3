package io.farheap.linked;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A walk along a far list, and down a far tree, makes no Java object per node. In a process of its
 * own: what the JIT makes of it depends on what else a process has run.
 */
@Timeout(120)
class TraversalAllocationTest {
  @ParameterizedTest
  @ValueSource(strings = {"list", "list in scopes", "tree", "changes"})
  void allocatesNothing(String walk) throws Exception {
    try (ChildProcess walker = JavaCommand.of(Traversals.class, walk).start()) {
      assertEquals(0, walker.awaitEnd());
      assertEquals("nothing", walker.said().lines().reduce("", (first, last) -> last));
    }
  }
}
