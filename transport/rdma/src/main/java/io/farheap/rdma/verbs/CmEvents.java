package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaEventChannel;
import io.farheap.transport.ConnectionLostException;
import io.farheap.transport.TransportTimeoutException;
import java.io.IOException;
import java.util.Optional;

/** Waits for what the connection manager tells, up to a deadline. */
public final class CmEvents {
  private static final RdmaCmEvent.EventType[] TYPES = RdmaCmEvent.EventType.values();

  /** Of a refusal that the library, and not the other side, gives: nobody listens there. */
  private static final int REJECTED_NO_LISTENER = 8;

  private static final byte[] NO_DATA = {};

  private CmEvents() {}

  /**
   * Takes the next event, whatever it is. It is acknowledged already.
   *
   * @param channel where to wait
   * @param deadlineNanos when to give up, as {@link System#nanoTime} tells the time
   * @return the event, or nothing at the deadline
   * @throws IOException if the channel is closed
   */
  public static Optional<RdmaCmEvent> next(RdmaEventChannel channel, long deadlineNanos)
      throws IOException {
    return Optional.ofNullable(channel.getCmEvent(Deadline.leftMillis(deadlineNanos)));
  }

  /**
   * Takes the next event, which must be of one type. A connection that is refused, or cannot be,
   * ends the wait at once.
   *
   * @param channel where to wait
   * @param expected the type
   * @param deadlineNanos when to give up, as {@link System#nanoTime} tells the time
   * @return the event
   * @throws TransportTimeoutException at the deadline
   * @throws ConnectionLostException if the event is of another type, saying why
   * @throws IOException if the channel is closed
   */
  public static RdmaCmEvent expect(
      RdmaEventChannel channel, RdmaCmEvent.EventType expected, long deadlineNanos)
      throws IOException {
    RdmaCmEvent event =
        next(channel, deadlineNanos)
            .orElseThrow(
                () ->
                    new TransportTimeoutException(
                        "RDMA: no "
                            + expected
                            + " before the deadline; check the other side's address and the path"
                            + " between both"));
    RdmaCmEvent.EventType type = type(event);
    if (type != expected) {
      throw new ConnectionLostException(
          "RDMA: " + reason(type, event.getStatus()) + " (waited for " + expected + ")");
    }
    return event;
  }

  /**
   * The type of an event.
   *
   * @param event the event
   * @return its type
   */
  public static RdmaCmEvent.EventType type(RdmaCmEvent event) {
    return type(event.getEvent());
  }

  static RdmaCmEvent.EventType type(int number) {
    return TYPES[number];
  }

  /**
   * What the other side sent with its request, answer or refusal.
   *
   * @param event the event
   * @return the bytes, perhaps with zeros behind them; none from DiSNI's own provider
   */
  public static byte[] privateData(RdmaCmEvent event) {
    return event instanceof FfmCmEvent ours ? ours.privateData() : NO_DATA;
  }

  private static String reason(RdmaCmEvent.EventType type, int status) {
    return switch (type) {
      case RDMA_CM_EVENT_REJECTED ->
          status == REJECTED_NO_LISTENER
              ? "connection refused, nobody listens at that port; start the server there"
              : "connection refused by the other side, reason " + status;
      case RDMA_CM_EVENT_UNREACHABLE ->
          "the other side does not answer (" + ErrorNumbers.describe(-status) + ")";
      case RDMA_CM_EVENT_ADDR_ERROR ->
          "no RDMA device reaches that address (" + ErrorNumbers.describe(-status) + ")";
      case RDMA_CM_EVENT_ROUTE_ERROR ->
          "no route to that address (" + ErrorNumbers.describe(-status) + ")";
      case RDMA_CM_EVENT_CONNECT_ERROR ->
          "the connection failed (" + ErrorNumbers.describe(-status) + ")";
      case RDMA_CM_EVENT_DISCONNECTED -> "the other side ended the connection";
      case RDMA_CM_EVENT_DEVICE_REMOVAL -> "the device was removed";
      default -> "unexpected " + type + ", status " + status;
    };
  }
}
