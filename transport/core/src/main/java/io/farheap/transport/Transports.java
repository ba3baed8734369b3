package io.farheap.transport;

import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Opens far memories by their locators. */
public final class Transports {
  private static final String POOL = "pool";

  /** Providers of Farheap that are artifacts of their own, by their schemes. */
  private static final Map<String, String> ARTIFACTS =
      Map.of("faulty", "io.farheap:farheap-testing", "rdma", "io.farheap:farheap-rdma");

  private Transports() {}

  /**
   * Opens the far memory that a locator names.
   *
   * @param locator for example {@code embedded:}; see {@link Locator}
   * @param options what the opener asks for
   * @return an open far memory, which the caller closes
   * @throws LocatorException if the locator is malformed or no provider serves its scheme
   * @throws TransportException if the far memory cannot be reached
   */
  public static FarMemory open(String locator, TransportOptions options) {
    return open(Locator.parse(locator), options);
  }

  /**
   * Opens the far memory that a locator names.
   *
   * @param locator where it is and how to reach it
   * @param options what the opener asks for
   * @return an open far memory, which the caller closes
   * @throws LocatorException if no provider serves its scheme, or it does not accept a setting
   * @throws TransportException if the far memory cannot be reached
   */
  public static FarMemory open(Locator locator, TransportOptions options) {
    TreeMap<String, TransportProvider> providers = new TreeMap<>();
    try {
      // The loader of this class comes first, so that a stray context loader hides no provider.
      ServiceLoader.load(TransportProvider.class, Transports.class.getClassLoader())
          .forEach(provider -> providers.putIfAbsent(provider.scheme(), provider));
      ServiceLoader.load(TransportProvider.class)
          .forEach(provider -> providers.putIfAbsent(provider.scheme(), provider));
    } catch (ServiceConfigurationError e) {
      throw new TransportException("a transport provider could not be loaded", e);
    }
    // Several servers are one pool of them, whatever each is reached by.
    String scheme = locator.each().size() > 1 ? POOL : locator.scheme();
    TransportProvider provider = providers.get(scheme);
    if (provider == null) {
      String artifact = ARTIFACTS.get(scheme);
      throw new LocatorException(
          "scheme "
              + scheme
              + ": no provider; there are "
              + providers.keySet()
              + (artifact == null ? "" : "; add " + artifact + " to the class or module path"));
    }
    return provider.open(locator, options);
  }
}
