package io.farheap.linked;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.farheap.OwnProcess;
import java.io.IOException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A walk along a far list, and down a far tree, makes no Java object per node. */
@Timeout(120)
class TraversalAllocationTest {
  @ParameterizedTest
  @ValueSource(strings = {"list", "list in scopes", "tree", "changes"})
  void allocatesNothing(String walk) throws IOException {
    assertEquals("nothing", OwnProcess.lastLine(Traversals.class, walk));
  }
}
