package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.impl.NatObject;

/** The raw addresses behind DiSNI's objects, of our provider or of its own. */
final class Handles {
  private Handles() {}

  static long of(IbvContext context) throws VerbsException {
    return rawAddress(context, "device", context.isOpen());
  }

  static long of(IbvPd domain) throws VerbsException {
    return rawAddress(domain, "protection domain", domain.isOpen());
  }

  static long of(IbvCQ queue) throws VerbsException {
    return rawAddress(queue, "completion queue", queue.isOpen());
  }

  static long of(IbvQP pair) throws VerbsException {
    return rawAddress(pair, "queue pair", pair.isOpen());
  }

  /**
   * Refuses what was closed.
   *
   * @throws VerbsException if {@code open} is false
   */
  static void requireOpen(String kind, boolean open) throws VerbsException {
    if (!open) {
      throw new VerbsException("the " + kind + " is closed; open another one");
    }
  }

  private static long rawAddress(Object object, String kind, boolean open) throws VerbsException {
    requireOpen(kind, open);
    if (object instanceof NatObject named) {
      return named.getObjId();
    }
    throw new VerbsException(
        "a " + kind + " of an unknown provider: " + object.getClass().getName());
  }
}
