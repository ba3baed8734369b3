package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvContext;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks which RDMA devices there are and what they can do. Needs no provider installed. */
public final class Devices {
  private static final int GID_BYTES = 16;

  private Devices() {}

  /**
   * A device as it was when it was asked.
   *
   * @param name the system's name for it
   * @param attributes what it can do
   * @param ports its ports, in order
   * @param gids the addresses of each port, in the ports' order, without empty places
   */
  public record Device(
      String name, DeviceAttributes attributes, List<PortAttributes> ports, List<List<Gid>> gids) {}

  /**
   * Names the devices.
   *
   * @return the system's names, none if there is no device or its kernel module is not loaded
   * @throws VerbsUnavailableException if a library is missing or this machine cannot do RDMA
   */
  public static List<String> names() {
    Libraries.require();
    List<String> names = new ArrayList<>();
    long list = openList(names, new ArrayList<>());
    if (list != 0) {
      Functions.FREE_DEVICE_LIST.run(list);
    }
    return names;
  }

  /**
   * Opens each device, asks it and closes it.
   *
   * @return the devices
   * @throws VerbsException if one cannot be opened, for the user's rights say
   * @throws VerbsUnavailableException if a library is missing or this machine cannot do RDMA
   */
  public static List<Device> list() throws VerbsException {
    Libraries.require();
    List<String> names = new ArrayList<>();
    List<Long> handles = new ArrayList<>();
    long list = openList(names, handles);
    if (list == 0) {
      return List.of();
    }
    try {
      List<Device> devices = new ArrayList<>();
      for (int i = 0; i < handles.size(); i++) {
        long context = Functions.OPEN_DEVICE.pointer(handles.get(i));
        try {
          Abi.checkContext(context);
          devices.add(describe(names.get(i), context));
        } finally {
          Functions.CLOSE_DEVICE.run(context);
        }
      }
      return devices;
    } finally {
      Functions.FREE_DEVICE_LIST.run(list);
    }
  }

  /**
   * Asks what a device can do.
   *
   * @param context the device
   * @return its attributes
   * @throws VerbsException if it does not answer
   */
  public static DeviceAttributes attributes(IbvContext context) throws VerbsException {
    return attributes(Handles.of(context));
  }

  /**
   * Asks for a port's state.
   *
   * @param context the device
   * @param port the port, from 1
   * @return its state
   * @throws VerbsException if there is no such port
   */
  public static PortAttributes port(IbvContext context, int port) throws VerbsException {
    return port(Handles.of(context), port);
  }

  /**
   * Asks for a port's addresses.
   *
   * @param context the device
   * @param port the port, from 1
   * @return the addresses, without empty places
   * @throws VerbsException if there is no such port
   */
  public static List<Gid> gids(IbvContext context, int port) throws VerbsException {
    return gids(Handles.of(context), port(context, port));
  }

  /** Fills two lists, in step; the list to free, or 0 where there is no device. */
  private static long openList(List<String> names, List<Long> handles) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
      long list;
      try {
        list = Functions.GET_DEVICE_LIST.pointer(count.address());
      } catch (VerbsException e) {
        // So it answers without the kernel module ib_uverbs.
        return 0;
      }
      for (int i = 0; i < count.get(ValueLayout.JAVA_INT, 0); i++) {
        long handle = RawMemory.getLong(list + (long) i * Long.BYTES);
        names.add(RawMemory.getString(Functions.deviceName(handle)));
        handles.add(handle);
      }
      return list;
    }
  }

  private static Device describe(String name, long context) throws VerbsException {
    DeviceAttributes attributes = attributes(context);
    List<PortAttributes> ports = new ArrayList<>();
    List<List<Gid>> gids = new ArrayList<>();
    for (int number = 1; number <= attributes.ports(); number++) {
      PortAttributes port = port(context, number);
      ports.add(port);
      gids.add(gids(context, port));
    }
    return new Device(name, attributes, List.copyOf(ports), List.copyOf(gids));
  }

  private static DeviceAttributes attributes(long context) throws VerbsException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(DeviceLayouts.Attributes.BYTES, Long.BYTES);
      Functions.QUERY_DEVICE.check(context, out.address());
      return DeviceAttributes.of(out);
    }
  }

  private static PortAttributes port(long context, int port) throws VerbsException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(DeviceLayouts.Port.ROOM_BYTES, Long.BYTES);
      Functions.QUERY_PORT.check(context, port, out.address());
      return PortAttributes.of(port, out);
    }
  }

  private static List<Gid> gids(long context, PortAttributes port) throws VerbsException {
    List<Gid> gids = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(GID_BYTES, Long.BYTES);
      MemorySegment entry = arena.allocate(DeviceLayouts.GidEntry.BYTES, Long.BYTES);
      for (int i = 0; i < port.gids(); i++) {
        if (Functions.QUERY_GID.number(context, port.number(), i, out.address()) != 0) {
          continue;
        }
        byte[] bytes = out.toArray(ValueLayout.JAVA_BYTE);
        Gid gid = Gid.of(i, gidType(context, port.number(), i, entry), bytes);
        if (!gid.isEmpty()) {
          gids.add(gid);
        }
      }
    }
    return List.copyOf(gids);
  }

  private static String gidType(long context, int port, int index, MemorySegment entry) {
    Optional<NativeFunction> query = Functions.QUERY_GID_EX;
    if (query.isEmpty()
        || query
                .get()
                .number(context, port, index, entry.address(), 0, DeviceLayouts.GidEntry.BYTES)
            != 0) {
      return "";
    }
    return switch (entry.get(ValueLayout.JAVA_INT, DeviceLayouts.GidEntry.GID_TYPE)) {
      case 0 -> "IB";
      case 1 -> "RoCE v1";
      case 2 -> "RoCE v2";
      default -> "";
    };
  }

  /** Looked up on first use. */
  private static final class Functions {
    static final NativeFunction GET_DEVICE_LIST = Libraries.verbs("ibv_get_device_list");
    static final NativeFunction FREE_DEVICE_LIST = Libraries.verbs("ibv_free_device_list");
    static final NativeFunction GET_DEVICE_NAME = Libraries.verbs("ibv_get_device_name");
    static final NativeFunction OPEN_DEVICE = Libraries.verbs("ibv_open_device");
    static final NativeFunction CLOSE_DEVICE = Libraries.verbs("ibv_close_device");
    static final NativeFunction QUERY_DEVICE = Libraries.verbs("ibv_query_device");
    static final NativeFunction QUERY_PORT = Libraries.verbs("ibv_query_port");
    static final NativeFunction QUERY_GID = Libraries.verbs("ibv_query_gid");
    static final Optional<NativeFunction> QUERY_GID_EX = Libraries.laterVerbs("_ibv_query_gid_ex");

    static long deviceName(long device) {
      try {
        return GET_DEVICE_NAME.pointer(device);
      } catch (VerbsException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
