package io.farheap.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The index under threads that insert, replace and remove while it grows and a sweeper runs. Each
 * key belongs to one writer; what readers find is held against what the writer says before and
 * after.
 */
@Timeout(120)
class HashIndexStressTest {
  private static final int WRITERS = 3;
  private static final int READERS = 2;
  private static final int KEYS_EACH = 20_000;
  private static final int STEPS = 250_000;

  /** Bit of the aux bits by which an entry may be taken out by the sweeper. */
  private static final int FREE_GAME = 1;

  private final HashIndex index = new HashIndex(0, 1 << 20);

  /** By key: the handle that its writer entered last; 0 while there is none for certain. */
  private final AtomicLongArray current = new AtomicLongArray(WRITERS * KEYS_EACH + 1);

  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicBoolean over = new AtomicBoolean();

  @Test
  void lookupsFindWhatIsThereAndNothingElse() throws InterruptedException {
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      writers.add(start(() -> write(writer, new Random(100 + writer))));
    }
    List<Thread> others = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      int reader = i;
      others.add(start(() -> read(new Random(200 + reader))));
    }
    others.add(start(this::sweep));
    for (Thread writer : writers) {
      writer.join();
    }
    over.set(true);
    for (Thread other : others) {
      other.join();
    }
    assertNull(failure.get(), () -> String.valueOf(failure.get()));
    index.check();
    IndexCursor cursor = index.cursor();
    for (int key = 1; key < current.length(); key++) {
      long expected = current.get(key);
      long found = find(cursor, key);
      if (found != 0 || !mayBeSwept(expected)) {
        assertEquals(expected, found);
      }
    }
    assertTrue(index.buckets() > 1000, "it did not grow");
    index.close();
  }

  private Thread start(Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Throwable t) {
                failure.compareAndSet(null, t);
                over.set(true);
              }
            });
    thread.start();
    return thread;
  }

  private static long hash(long key) {
    return TestKeys.hash(key, 64);
  }

  /** Every fourth version of a key. */
  private static boolean mayBeSwept(long handle) {
    return (TestKeys.version(handle) & 3) == 3;
  }

  private static int aux(long handle) {
    return mayBeSwept(handle) ? FREE_GAME : 0;
  }

  private long find(IndexCursor cursor, long key) {
    for (long h = cursor.first(hash(key)); h != 0; h = cursor.next()) {
      if (TestKeys.key(h) == key) {
        return h;
      }
    }
    return 0;
  }

  private void write(int writer, Random random) {
    IndexCursor cursor = index.cursor();
    long version = 0;
    for (int step = 0; step < STEPS && !over.get(); step++) {
      // The range of keys widens, so that the index grows all the time.
      int range = 1 + (int) ((long) KEYS_EACH * step / STEPS);
      int key = 1 + writer * KEYS_EACH + random.nextInt(range);
      long old = current.get(key);
      long found = find(cursor, key);
      if (found != old && !(found == 0 && mayBeSwept(old))) {
        throw new AssertionError("key " + key + " has " + found + ", should have " + old);
      }
      long handle = TestKeys.handle(++version, key);
      if (random.nextInt(4) != 0) {
        if (old == 0 || !index.replace(hash(key), old, handle, aux(handle))) {
          if (old != 0 && !mayBeSwept(old)) {
            throw new AssertionError("key " + key + " lost " + old);
          }
          index.insert(hash(key), handle, aux(handle));
        }
        current.set(key, handle);
      } else if (old != 0) {
        current.set(key, 0);
        if (!index.remove(hash(key), old) && !mayBeSwept(old)) {
          throw new AssertionError("key " + key + " lost " + old);
        }
      }
    }
  }

  private void read(Random random) {
    IndexCursor cursor = index.cursor();
    while (!over.get()) {
      int key = 1 + random.nextInt(current.length() - 1);
      long before = current.get(key);
      long found = find(cursor, key);
      long after = current.get(key);
      if (before == after && before != 0 && found == 0 && !mayBeSwept(before)) {
        throw new AssertionError("key " + key + " is there as " + before + " and was not found");
      }
      if (before != 0 && found != 0 && TestKeys.version(found) < TestKeys.version(before)) {
        throw new AssertionError("key " + key + " came up as " + found + " after " + before);
      }
    }
  }

  private void sweep() {
    EntryVisitor visitor =
        new EntryVisitor() {
          @Override
          public int visit(long handle, int aux) {
            if (handle < 1L << 24) {
              throw new AssertionError(handle + " came up, which is no handle");
            }
            return aux == FREE_GAME ? REMOVE : aux;
          }

          @Override
          public void removed(long handle, int aux) {
            if (!mayBeSwept(handle)) {
              throw new AssertionError(handle + " was swept with the bits of another");
            }
          }
        };
    while (!over.get()) {
      for (long bucket = 0; bucket < index.buckets(); bucket++) {
        int _ = index.sweep(bucket, visitor);
      }
    }
  }
}
