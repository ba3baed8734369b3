package io.farheap.jmh.fetch;

import io.farheap.jmh.measure.Benchmark;
import io.farheap.jmh.measure.BenchmarkContext;
import io.farheap.jmh.measure.Metric;
import io.farheap.jmh.measure.Metric.Better;
import io.farheap.jmh.measure.ProcessClock;
import io.farheap.jmh.measure.Samples;
import io.farheap.testing.process.ChildProcess;
import io.farheap.testing.process.JavaCommand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a fetch from a memory server costs beside the bare transport library and plain sockets. */
public final class Fetch implements Benchmark {
  private static final String FAR = "far";
  private static final String BARE = "bare";
  private static final String TLS = "tls";
  private static final String SOCKET = "socket";

  /** As {@link #FAR}, but all over a slab, which no cache holds. */
  private static final String SCATTERED = "scattered";

  private static final String OBJECT64 = "object64";
  private static final String OBJECT512 = "object512";
  private static final String PAGE = "page";
  private static final int PAGE_BYTES = 4096;
  private static final int DEPTH = 64;

  /** In the caches, as the bytes of the bare server are: transports are compared, not memory. */
  private static final long RANGE_BYTES = 1 << 20;

  private static final String P50 = ".p50";
  private static final String P99 = ".p99";
  private static final String PIPELINED = ".pipelined";
  private static final String CLIENT_CPU = ".client.cpu";
  private static final String SERVER_CPU = ".server.cpu";
  private static final String MICROS = "us";
  private static final double NANOS_PER_MICRO = 1e3;
  private static final double NANOS_PER_SECOND = 1e9;

  /** What is fetched, by its name in the figures. */
  private static final Map<String, Integer> SIZES = new LinkedHashMap<>();

  static {
    SIZES.put(OBJECT64, 64);
    SIZES.put(OBJECT512, 512);
    SIZES.put(PAGE, PAGE_BYTES);
  }

  @Override
  public String name() {
    return "fetch";
  }

  @Override
  public String description() {
    return "reads from memory servers, against the bare transport library and blocking sockets";
  }

  /**
   * How long to run.
   *
   * @param rounds how often to measure each subject
   * @param trips round trips of one measurement
   * @param warmups round trips before the first round
   */
  private record Plan(int rounds, int trips, int warmups) {}

  /** One thing that is measured one at a time. */
  private record Subject(
      String client, String what, RoundTrips trips, ChildProcess server, int replyBytes) {
    String name() {
      return client + "." + what;
    }
  }

  @Override
  public List<Metric> run(BenchmarkContext context) {
    Plan plan =
        context.choose(
            new Plan(11, 20_000, 60_000), new Plan(5, 8_000, 30_000), new Plan(3, 100, 100));
    context.note("rounds", plan.rounds);
    context.note("roundTripsPerMeasurement", plan.trips);
    List<Metric> judged = new ArrayList<>();
    List<Metric> details = new ArrayList<>();
    measureTcp(plan, context, judged, details);
    FetchShared.measure(context, judged, details);
    FetchServers.measure(context, details);
    judged.addAll(details);
    return judged;
  }

  private static void measureTcp(
      Plan plan, BenchmarkContext context, List<Metric> judged, List<Metric> details) {
    try (ChildProcess echo = JavaCommand.of(EchoServer.class).startListening();
        ChildProcess blocking = JavaCommand.of(BlockingServer.class).startListening();
        FetchServer plain = FetchServer.insecure();
        FetchServer secure = FetchServer.secure();
        EchoClient bare = new EchoClient(echo.port());
        BlockingClient socket = new BlockingClient(blocking.port());
        FarReader far = plain.reader(RANGE_BYTES);
        FarReader scattered = plain.reader(FetchServer.SLAB_BYTES);
        FarReader tls = secure.reader(RANGE_BYTES)) {
      List<Subject> subjects = new ArrayList<>();
      SIZES.forEach(
          (what, bytes) -> {
            subjects.add(new Subject(BARE, what, bare, echo, bytes));
            subjects.add(new Subject(FAR, what, far, plain.process(), bytes));
          });
      subjects.add(new Subject(SOCKET, OBJECT64, socket, blocking, SIZES.get(OBJECT64)));
      subjects.add(new Subject(SOCKET, PAGE, socket, blocking, PAGE_BYTES));
      subjects.add(new Subject(TLS, OBJECT64, tls, secure.process(), SIZES.get(OBJECT64)));
      subjects.add(new Subject(TLS, PAGE, tls, secure.process(), PAGE_BYTES));
      Map<String, Pipelined> pipelined = new LinkedHashMap<>();
      pipelined.put(BARE, bare);
      pipelined.put(FAR, far);
      pipelined.put(TLS, tls);
      pipelined.put(SCATTERED, scattered);
      Map<String, ChildProcess> servers =
          Map.of(
              BARE, echo, FAR, plain.process(), SCATTERED, plain.process(), TLS, secure.process());
      context.progress("warming up");
      warmUp(plan, subjects, pipelined);
      Samples samples = new Samples(plan.rounds);
      for (int round = 0; round < plan.rounds; round++) {
        context.progress("round " + (round + 1) + " of " + plan.rounds);
        measureRound(plan, round, subjects, samples);
        pipelinedRound(plan, round, pipelined, servers, samples);
      }
      report(samples, judged, details);
    }
  }

  private static void warmUp(Plan plan, List<Subject> subjects, Map<String, Pipelined> pipelined) {
    // In turns, so that the JIT sees all of a client's sizes before it settles.
    int turns = 4;
    for (int turn = 0; turn < turns; turn++) {
      for (Subject subject : subjects) {
        subject.trips.oneAtATime(subject.replyBytes, new long[plan.warmups / turns]);
      }
      pipelined.values().forEach(client -> client.pipelined(PAGE_BYTES, plan.warmups, DEPTH));
    }
  }

  private static void measureRound(Plan plan, int round, List<Subject> subjects, Samples samples) {
    long[] nanos = new long[plan.trips];
    for (Subject subject : round % 2 == 0 ? subjects : subjects.reversed()) {
      long serverNanos = subject.server.threadCpuNanos();
      long clientNanos = ProcessClock.nanos();
      subject.trips.oneAtATime(subject.replyBytes, nanos);
      clientNanos = ProcessClock.nanos() - clientNanos;
      serverNanos = subject.server.threadCpuNanos() - serverNanos;
      Arrays.sort(nanos);
      samples.put(subject.name() + P50, round, (double) nanos[plan.trips / 2]);
      samples.put(subject.name() + P99, round, (double) nanos[plan.trips - 1 - plan.trips / 100]);
      samples.put(subject.name() + CLIENT_CPU, round, (double) clientNanos / plan.trips);
      samples.put(subject.name() + SERVER_CPU, round, (double) serverNanos / plan.trips);
    }
  }

  private static void pipelinedRound(
      Plan plan,
      int round,
      Map<String, Pipelined> clients,
      Map<String, ChildProcess> servers,
      Samples samples) {
    int pages = 4 * plan.trips;
    for (String client : Samples.order(List.copyOf(clients.keySet()), round)) {
      ChildProcess server = servers.get(client);
      long serverNanos = server.threadCpuNanos();
      long clientNanos = ProcessClock.nanos();
      long startNanos = System.nanoTime();
      clients.get(client).pipelined(PAGE_BYTES, pages, DEPTH);
      long nanos = System.nanoTime() - startNanos;
      clientNanos = ProcessClock.nanos() - clientNanos;
      serverNanos = server.threadCpuNanos() - serverNanos;
      samples.put(client + PIPELINED, round, pages * NANOS_PER_SECOND / nanos);
      samples.put(client + PIPELINED + CLIENT_CPU, round, (double) clientNanos / pages);
      samples.put(client + PIPELINED + SERVER_CPU, round, (double) serverNanos / pages);
    }
  }

  private static void report(Samples samples, List<Metric> judged, List<Metric> details) {
    for (String what : SIZES.keySet()) {
      judged.add(ratio(what + P50 + ".ratio", samples, FAR, BARE, what + P50));
      judged.add(ratio(what + P99 + ".ratio", samples, FAR, BARE, what + P99));
    }
    judged.add(
        new Metric(
            "pipelined.throughput.ratio",
            samples.medianRatio(FAR + PIPELINED, BARE + PIPELINED),
            Metric.RATIO,
            Better.HIGHER));
    judged.add(ratio("object64.vs.blocking.socket.ratio", samples, FAR, SOCKET, OBJECT64 + P50));
    details.add(ratio("page.vs.blocking.socket.ratio", samples, FAR, SOCKET, PAGE + P50));
    details.add(ratio("tls.object64.p50.ratio", samples, TLS, FAR, OBJECT64 + P50));
    details.add(ratio("tls.page.p50.ratio", samples, TLS, FAR, PAGE + P50));
    details.add(
        new Metric(
            "tls.pipelined.throughput.ratio",
            samples.medianRatio(TLS + PIPELINED, FAR + PIPELINED),
            Metric.RATIO,
            Better.HIGHER));
    for (String client : List.of(FAR, BARE, SOCKET, TLS)) {
      for (String what : client.equals(FAR) || client.equals(BARE) ? SIZES.keySet() : some()) {
        String name = client + "." + what;
        details.add(micros(name + P50 + ".us", samples, name + P50));
        details.add(micros(name + P99 + ".us", samples, name + P99));
      }
    }
    for (String client : List.of(FAR, BARE, SOCKET, TLS)) {
      String name = client + "." + PAGE;
      details.add(micros(name + CLIENT_CPU + ".us", samples, name + CLIENT_CPU));
      details.add(micros(name + SERVER_CPU + ".us", samples, name + SERVER_CPU));
    }
    for (String client : List.of(FAR, BARE, SCATTERED, TLS)) {
      String name = client + PIPELINED;
      details.add(new Metric(name + ".pages.per.s", samples.median(name), "op/s", Better.HIGHER));
      details.add(micros(name + CLIENT_CPU + ".us", samples, name + CLIENT_CPU));
      details.add(micros(name + SERVER_CPU + ".us", samples, name + SERVER_CPU));
    }
  }

  /** What was measured of the other clients. */
  private static List<String> some() {
    return List.of(OBJECT64, PAGE);
  }

  private static Metric ratio(
      String name, Samples samples, String subject, String baseline, String figure) {
    return Metric.lower(
        name, samples.medianRatio(subject + "." + figure, baseline + "." + figure), Metric.RATIO);
  }

  private static Metric micros(String name, Samples samples, String subject) {
    return Metric.lower(name, samples.median(subject) / NANOS_PER_MICRO, MICROS);
  }
}
