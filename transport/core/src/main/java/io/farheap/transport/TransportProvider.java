package io.farheap.transport;

/** Opens far memories of one scheme. Found by {@link java.util.ServiceLoader}. */
public interface TransportProvider {

  /**
   * The scheme this provider serves.
   *
   * @return for example {@code embedded}, without the colon
   */
  String scheme();

  /**
   * Opens a far memory.
   *
   * @param locator where it is and how to reach it
   * @param options what the opener asks for
   * @return an open far memory, which the caller closes
   * @throws LocatorException if the locator has a setting that this provider does not accept
   * @throws TransportException if the far memory cannot be reached
   */
  FarMemory open(Locator locator, TransportOptions options);
}
