package io.farheap.apps.doctor;

import io.farheap.base.text.ByteSize;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Examines how much memory this process may lock: RDMA locks what it registers, which are the
 * heap's local memory and the server's slabs.
 *
 * @param files the system's files
 * @param wantedBytes memory that a heap with the settings of this process registers
 */
record MemlockCheck(FileTree files, long wantedBytes) implements Check {
  private static final String LABEL = "Max locked memory";
  private static final String UNLIMITED = "unlimited";

  /** The capability that sets one above the limit, as a bit of the mask. */
  private static final int CAP_IPC_LOCK = 14;

  private static final String REMEDY =
      "ulimit -l unlimited   (for good: '* - memlock unlimited' in"
          + " /etc/security/limits.d/farheap.conf; systemd: LimitMEMLOCK=infinity; docker run"
          + " --ulimit memlock=-1)";

  @Override
  public String name() {
    return "memlock";
  }

  @Override
  public Set<TransportKind> concerns() {
    return Set.of(TransportKind.RDMA);
  }

  @Override
  public List<Finding> examine() {
    Optional<String> soft =
        files.labelled("proc/self/limits", LABEL).map(rest -> rest.split("\\s+", 2)[0]);
    if (soft.isEmpty()) {
      return List.of(Finding.advice("cannot tell how much memory may be locked", "ulimit -l"));
    }
    if (soft.get().equals(UNLIMITED)) {
      return List.of(Finding.ok("memory may be locked without limit"));
    }
    long limitBytes = Long.parseLong(soft.get());
    String text = ByteSize.text(limitBytes) + " of memory may be locked";
    if (limitBytes >= wantedBytes) {
      return List.of(Finding.ok(text));
    }
    return List.of(
        mayExceed()
            ? Finding.ok(text + ", but CAP_IPC_LOCK lifts that limit")
            : Finding.broken(
                text + ", and the heap's local memory is " + ByteSize.text(wantedBytes), REMEDY));
  }

  private boolean mayExceed() {
    return files
        .labelled("proc/self/status", "CapEff:")
        .map(mask -> (Long.parseUnsignedLong(mask, 16) >> CAP_IPC_LOCK & 1) != 0)
        .orElse(false);
  }
}
