package io.farheap.linked;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.farheap.FarHeap;
import io.farheap.Handles;
import io.farheap.layout.FarRef;
import io.farheap.layout.Length;
import io.farheap.layout.RecordLayout;
import io.farheap.layout.RefField;
import io.farheap.proof.HeapAudit;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** A far binary search tree whose nodes are relinked, never copied, and a TreeMap beside it. */
final class TwinnedTree implements TwinnedStructure {
  @SuppressWarnings("ArrayRecordComponent")
  record Node(
      long key, long value, FarRef<Node> left, FarRef<Node> right, @Length(3) long[] filler) {}

  private static final RecordLayout<Node> LAYOUT = RecordLayout.of(Node.class);
  private static final RefField<Node, Node> LEFT = LAYOUT.refField("left", Node.class);
  private static final RefField<Node, Node> RIGHT = LAYOUT.refField("right", Node.class);

  private final Handles handles;
  private final SplittableRandom random;
  private final Nodes<Node> nodes;
  private final TreeMap<Long, Long> twin = new TreeMap<>();
  private final long keys;
  private long root;

  /**
   * An empty tree.
   *
   * @param keys keys are below it
   */
  TwinnedTree(FarHeap heap, SplittableRandom random, long keys) {
    this.handles = heap.handles();
    this.random = random;
    this.keys = keys;
    this.nodes =
        new Nodes<>(
            heap,
            random,
            (key, value, filler) -> new Node(key, value, FarRef.none(), FarRef.none(), filler),
            LAYOUT.longField("key"),
            LAYOUT.longField("value"),
            LAYOUT.offsetOf("filler"));
  }

  /** The node of a key, or 0; for any thread while nobody changes the tree. */
  private long find(long key) {
    long node = root;
    while (node != 0) {
      long here = nodes.key(node);
      if (here == key) {
        return node;
      }
      node = handles.getHandle(node, key < here ? LEFT : RIGHT);
    }
    return 0;
  }

  private void put(long key, long value) {
    long parent = 0;
    long node = root;
    long here = 0;
    while (node != 0) {
      here = nodes.key(node);
      if (here == key) {
        nodes.setValue(node, key, value);
        return;
      }
      parent = node;
      node = handles.getHandle(node, key < here ? LEFT : RIGHT);
    }
    link(parent, key < here, nodes.add(key, value));
  }

  private void link(long parent, boolean left, long child) {
    if (parent == 0) {
      root = child;
    } else {
      handles.setHandle(parent, left ? LEFT : RIGHT, child);
    }
  }

  private boolean remove(long key) {
    long parent = 0;
    long node = root;
    long here = 0;
    boolean left = false;
    while (node != 0) {
      here = nodes.key(node);
      if (here == key) {
        break;
      }
      parent = node;
      left = key < here;
      node = handles.getHandle(node, left ? LEFT : RIGHT);
    }
    if (node == 0) {
      return false;
    }
    link(parent, left, withoutTop(node));
    nodes.free(node);
    return true;
  }

  /** What is left of a subtree when its top goes: the next larger node takes its place. */
  private long withoutTop(long node) {
    long leftChild = handles.getHandle(node, LEFT);
    long rightChild = handles.getHandle(node, RIGHT);
    if (leftChild == 0 || rightChild == 0) {
      return leftChild == 0 ? rightChild : leftChild;
    }
    long above = 0;
    long next = rightChild;
    for (long child; (child = handles.getHandle(next, LEFT)) != 0; next = child) {
      above = next;
    }
    if (above != 0) {
      handles.setHandle(above, LEFT, handles.getHandle(next, RIGHT));
      handles.setHandle(next, RIGHT, rightChild);
    }
    handles.setHandle(next, LEFT, leftChild);
    return next;
  }

  /** Looks a key up in far tree and twin; for any thread while nobody changes either. */
  void lookUp(long key) {
    Long expected = twin.get(key);
    long node = find(key);
    assertEquals(expected != null, node != 0, "key is there");
    if (expected != null) {
      assertEquals(expected, nodes.value(node), "value");
    }
  }

  long randomKey(SplittableRandom by) {
    return by.nextLong(keys);
  }

  @Override
  public void build(int count) {
    while (nodes() < count) {
      long key = randomKey(random);
      long value = random.nextLong();
      put(key, value);
      twin.put(key, value);
    }
  }

  @Override
  public void step() {
    long key = randomKey(random);
    switch (random.nextInt(4)) {
      case 0 -> {
        long value = random.nextLong();
        put(key, value);
        twin.put(key, value);
      }
      case 1 -> assertEquals(twin.remove(key) != null, remove(key), "key was there");
      default -> lookUp(key);
    }
    assertEquals(twin.size(), nodes(), "size");
  }

  /** Visits all nodes in the order of their keys. */
  private void inOrder(LongConsumer visitor) {
    long[] path = new long[1024];
    int depth = 0;
    long node = root;
    while (node != 0 || depth > 0) {
      while (node != 0) {
        path[depth++] = node;
        node = handles.getHandle(node, LEFT);
      }
      node = path[--depth];
      long right = handles.getHandle(node, RIGHT);
      visitor.accept(node);
      node = right;
    }
  }

  @Override
  public void compare() {
    Iterator<Map.Entry<Long, Long>> expected = twin.entrySet().iterator();
    inOrder(
        node -> {
          Map.Entry<Long, Long> entry = expected.next();
          nodes.visitWhole(node, entry.getKey(), entry.getValue());
        });
    assertEquals(false, expected.hasNext(), "the far tree is smaller");
  }

  @Override
  public void collect(Collection<HeapAudit.Expected> live) {
    inOrder(node -> Nodes.expect(live, node));
  }

  @Override
  public long nodes() {
    return nodes.count();
  }

  @Override
  public void freeAll() {
    inOrder(nodes::free);
  }
}
