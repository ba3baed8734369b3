package io.farheap.jmh.fetch;

import io.farheap.jmh.measure.BenchmarkContext;
import io.farheap.jmh.measure.Metric;
import io.farheap.jmh.measure.Samples;
import java.nio.file.Path;
import java.util.List;

/** What a read of mapped far memory costs beside a plain copy. */
final class FetchShared {
  private static final Path FILES = Path.of("/dev/shm");
  private static final String SHARED = "shm.page";
  private static final String COPY = "copy.page";
  private static final int PAGE_BYTES = 4096;

  private FetchShared() {}

  /** Measures pages at random places of as much memory as a slab has. */
  static void measure(BenchmarkContext context, List<Metric> judged, List<Metric> details) {
    int rounds = context.choose(11, 5, 3);
    int pages = context.choose(500_000, 200_000, 1_000);
    context.progress("mapped far memory");
    Samples samples = new Samples(rounds);
    try (FetchServer server = FetchServer.mapped(FILES);
        FarReader shared = server.reader(FetchServer.SLAB_BYTES);
        PlainCopies copies = new PlainCopies(FetchServer.SLAB_BYTES)) {
      shared.reads(PAGE_BYTES, pages);
      copies.pages(pages);
      for (int round = 0; round < rounds; round++) {
        for (String subject : Samples.order(List.of(SHARED, COPY), round)) {
          long startNanos = System.nanoTime();
          if (subject.equals(SHARED)) {
            shared.reads(PAGE_BYTES, pages);
          } else {
            copies.pages(pages);
          }
          samples.put(subject, round, (double) (System.nanoTime() - startNanos) / pages);
        }
      }
    }
    judged.add(Metric.lower("shm.page.ratio", samples.medianRatio(SHARED, COPY), Metric.RATIO));
    details.add(Metric.lower("shm.page.ns", samples.median(SHARED), "ns"));
    details.add(Metric.lower("copy.page.ns", samples.median(COPY), "ns"));
  }
}
