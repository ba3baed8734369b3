package io.farheap.rdma.verbs;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Refuses a machine or a library whose structures are laid out in another way than ours, before
 * memory is read or written in the wrong place.
 */
final class Abi {
  private static final int MOST_COMPLETION_VECTORS = 1 << 16;

  private Abi() {}

  /**
   * Refuses every machine but Linux on x86-64.
   *
   * @throws VerbsUnavailableException naming what is different here
   */
  static void requireMachine() {
    String system = System.getProperty("os.name", "");
    String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    if (!system.equals("Linux")
        || !(architecture.equals("amd64") || architecture.equals("x86_64"))
        || ValueLayout.ADDRESS.byteSize() != Long.BYTES
        || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new VerbsUnavailableException(
          "RDMA needs Linux on x86-64 and this is "
              + system
              + " on "
              + architecture
              + "; use tcp:// here");
    }
  }

  /**
   * Checks the fields of a device's context that are read later.
   *
   * @throws VerbsUnavailableException naming a field that cannot be right
   */
  static void checkContext(long context) {
    require(context, "context", "device", RawMemory.getLong(context) != 0);
    int commands = RawMemory.getInt(context + DeviceLayouts.Context.CMD_FD);
    require(context, "context", "cmd_fd", commands >= 0);
    int events = RawMemory.getInt(context + DeviceLayouts.Context.ASYNC_FD);
    require(context, "context", "async_fd", events >= 0 && events != commands);
    int vectors = RawMemory.getInt(context + DeviceLayouts.Context.NUM_COMP_VECTORS);
    require(
        context, "context", "num_comp_vectors", vectors > 0 && vectors < MOST_COMPLETION_VECTORS);
    long[] functions = {
      RawMemory.getLong(context + DeviceLayouts.Context.POST_SEND),
      RawMemory.getLong(context + DeviceLayouts.Context.POST_RECV),
      RawMemory.getLong(context + DeviceLayouts.Context.POLL_CQ),
      RawMemory.getLong(context + DeviceLayouts.Context.REQ_NOTIFY_CQ)
    };
    require(context, "context", "ops", executable(functions));
  }

  /**
   * Checks a pointer that a structure holds to another one that we know.
   *
   * @throws VerbsUnavailableException if it is another
   */
  static void checkPointer(long structure, String kind, int offset, String field, long expected) {
    require(structure, kind, field, RawMemory.getLong(structure + offset) == expected);
  }

  /**
   * Checks whatever else a structure must hold.
   *
   * @throws VerbsUnavailableException if {@code holds} is false
   */
  static void require(long structure, String kind, String field, boolean holds) {
    if (!holds) {
      throw new VerbsUnavailableException(
          "the RDMA library lays its structures out in another way than this program knows: the"
              + " field "
              + field
              + " of the "
              + kind
              + " at 0x"
              + Long.toHexString(structure)
              + " cannot be right; use the libibverbs1 and librdmacm1 of the distribution, version"
              + " 17 or later");
    }
  }

  /** Whether each address lies in memory that may be run. */
  private static boolean executable(long[] addresses) {
    boolean[] found = new boolean[addresses.length];
    try (BufferedReader maps = Files.newBufferedReader(Path.of("/proc/self/maps"))) {
      for (String line = maps.readLine(); line != null; line = maps.readLine()) {
        int dash = line.indexOf('-');
        int space = line.indexOf(' ');
        if (line.charAt(space + 3) != 'x') {
          continue;
        }
        long start = Long.parseUnsignedLong(line, 0, dash, 16);
        long end = Long.parseUnsignedLong(line, dash + 1, space, 16);
        for (int i = 0; i < addresses.length; i++) {
          found[i] |=
              Long.compareUnsigned(addresses[i], start) >= 0
                  && Long.compareUnsigned(addresses[i], end) < 0;
        }
      }
    } catch (IOException e) {
      throw new VerbsUnavailableException("cannot read /proc/self/maps: " + e.getMessage(), e);
    }
    for (boolean one : found) {
      if (!one) {
        return false;
      }
    }
    return true;
  }
}
