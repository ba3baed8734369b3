package io.farheap.linked;

import com.sun.management.ThreadMXBean;
import io.farheap.DerefScope;
import io.farheap.FarHeap;
import io.farheap.Handles;
import io.farheap.layout.FarRef;
import io.farheap.layout.LongField;
import io.farheap.layout.RecordLayout;
import io.farheap.layout.RefField;
import io.farheap.options.HeapOptions;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/** A program that walks along a far list or down a far tree, and prints what a node costs. */
final class Traversals {
  record Node(long key, FarRef<Node> left, FarRef<Node> right) {}

  private static final RecordLayout<Node> LAYOUT = RecordLayout.of(Node.class);
  private static final LongField<Node> KEY = LAYOUT.longField("key");
  private static final RefField<Node, Node> LEFT = LAYOUT.refField("left", Node.class);
  private static final RefField<Node, Node> RIGHT = LAYOUT.refField("right", Node.class);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int NODES = 20_000;

  /** Less than any object takes; the walk itself may need a scope. */
  private static final double BYTES_PER_NODE = 0.5;

  /** Code that is not compiled yet may allocate, and a busy machine compiles late. */
  private static final int MOST_ROUNDS = 200;

  private final FarHeap heap;

  private Traversals(FarHeap heap) {
    this.heap = heap;
  }

  /** Walks as its argument says; prints bytes of the Java heap, the least of many rounds. */
  public static void main(String[] args) {
    FarHeap opened =
        FarHeap.open(
            HeapOptions.builder()
                .isolated()
                .localMemory("4MiB")
                .farMemory("64MiB")
                .slabSizeBytes(1 << 20)
                .hugePages(false)
                .build());
    try (opened) {
      Traversals walks = new Traversals(opened);
      switch (args[0]) {
        case "list" -> walks.aWalkAlongAList();
        case "list in scopes" -> walks.aWalkAlongAListInScopes();
        case "tree" -> walks.searchesInATree();
        case "changes" -> walks.aWalkThatChangesEveryNode();
        default -> throw new IllegalArgumentException(args[0]);
      }
    }
  }

  private void aWalkAlongAList() {
    FarRef<Node> list = FarRef.none();
    for (int i = 0; i < NODES; i++) {
      list = heap.allocate(new Node(i, FarRef.none(), list)).release();
    }
    long head = list.handle();
    printCost(() -> sum(heap.handles(), head), sumOfKeys());
  }

  private static long sum(Handles handles, long head) {
    long sum = 0;
    for (long node = head; node != 0; node = handles.getHandle(node, RIGHT)) {
      sum += handles.getLong(node, KEY);
    }
    return sum;
  }

  private void aWalkAlongAListInScopes() {
    FarRef<Node> list = FarRef.none();
    for (int i = 0; i < NODES; i++) {
      list = heap.allocate(new Node(i, FarRef.none(), list)).release();
    }
    long head = list.handle();
    printCost(
        () -> {
          long sum = 0;
          int steps = 0;
          try (DerefScope scope = heap.enter()) {
            for (long node = head; node != 0; ) {
              MemorySegment bytes = heap.handles().deref(scope, node);
              sum += KEY.get(bytes);
              node = RIGHT.getHandle(bytes);
              if (++steps % 1000 == 0) {
                scope.renew();
              }
            }
          }
          return sum;
        },
        sumOfKeys());
  }

  private void searchesInATree() {
    long root = balanced(0, NODES).handle();
    Handles handles = heap.handles();
    printCost(
        () -> {
          long found = 0;
          for (long key = 0; key < NODES; key++) {
            found += search(handles, root, key) != 0 ? key : -1;
          }
          return found;
        },
        sumOfKeys());
  }

  private FarRef<Node> balanced(int from, int to) {
    if (from == to) {
      return FarRef.none();
    }
    int middle = (from + to) / 2;
    Node node = new Node(middle, balanced(from, middle), balanced(middle + 1, to));
    return heap.allocate(node).release();
  }

  private static long search(Handles handles, long root, long key) {
    long node = root;
    while (node != 0) {
      long here = handles.getLong(node, KEY);
      if (here == key) {
        return node;
      }
      node = handles.getHandle(node, key < here ? LEFT : RIGHT);
    }
    return 0;
  }

  private void aWalkThatChangesEveryNode() {
    FarRef<Node> list = FarRef.none();
    for (int i = 0; i < NODES; i++) {
      list = heap.allocate(new Node(i, FarRef.none(), list)).release();
    }
    long head = list.handle();
    Handles handles = heap.handles();
    printCost(
        () -> {
          for (long node = head; node != 0; node = handles.getHandle(node, RIGHT)) {
            handles.setHandle(node, LEFT, node);
            handles.setLong(node, KEY, handles.getLong(node, KEY));
          }
          return sum(handles, head);
        },
        sumOfKeys());
  }

  private static long sumOfKeys() {
    return (long) NODES * (NODES - 1) / 2;
  }

  /** Rounds until one allocates next to nothing per node; the best one counts. */
  private static void printCost(LongSupplier walk, long expected) {
    double least = Double.MAX_VALUE;
    for (int round = 0; round < MOST_ROUNDS && least > BYTES_PER_NODE; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      long result = walk.getAsLong();
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (result != expected) {
        throw new AssertionError("the walk found " + result + " instead of " + expected);
      }
      least = Math.min(least, (double) allocated / NODES);
    }
    System.out.println(least <= BYTES_PER_NODE ? "nothing" : least + " bytes a node");
  }
}
