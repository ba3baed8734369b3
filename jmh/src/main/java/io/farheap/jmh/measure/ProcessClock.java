package io.farheap.jmh.measure;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.farheap.base.memory.ForeignFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * CPU time of this process, all threads together. The JVM's own bean counts in steps of 10 ms, too
 * coarse for measurements of a few hundred.
 */
public final class ProcessClock {
  /** POSIX's {@code CLOCK_PROCESS_CPUTIME_ID} as these systems number it. */
  private static final int LINUX_ID = 2;

  private static final int MAC_ID = 12;

  private static final long TIMESPEC_BYTES = 2L * Long.BYTES;

  private static final int CLOCK_ID =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? MAC_ID : LINUX_ID;

  private static final MethodHandle CLOCK_GETTIME = find();

  private ProcessClock() {}

  private static MethodHandle find() {
    return ForeignFunctions.ofCLibrary(
            "clock_gettime", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS))
        .orElseThrow();
  }

  /**
   * CPU time so far, in nanoseconds.
   *
   * @throws IllegalStateException if the system has no such clock
   */
  public static long nanos() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment timespec = arena.allocate(TIMESPEC_BYTES, Long.BYTES);
      int status = (int) CLOCK_GETTIME.invokeExact(CLOCK_ID, timespec);
      if (status != 0) {
        throw new IllegalStateException("the system has no clock of the process's CPU time");
      }
      return TimeUnit.SECONDS.toNanos(timespec.get(JAVA_LONG, 0))
          + timespec.get(JAVA_LONG, Long.BYTES);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException("clock_gettime could not be called", t);
    }
  }
}
