package io.farheap.apps.cli;

import io.farheap.apps.stat.ServerWatch;
import io.farheap.apps.stat.StatText;
import io.farheap.transport.LocatorException;
import io.farheap.transport.TransportException;
import io.farheap.transport.wire.ServerFigures;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what memory servers do, a line a second. */
@Command(
    name = "stat",
    description = {
      "Show what memory servers do, a line a second; those of a locator with several together.",
      "Exit code 1 if they cannot be reached."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farheap stat tcp://127.0.0.1:7070",
      "  farheap stat 'tcp://a:7070,b:7070?tls-ca=ca.pem&token-file=token'",
      "  farheap stat tcp://127.0.0.1:7070 --once --json | jq '.servers[0].slabs'"
    })
final class StatCommand implements Callable<Integer> {
  private static final int LINES_PER_HEADING = 20;
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "LOCATOR", description = "Where the servers are.")
  private String locator;

  @Option(
      names = "--once",
      description = "One line, with the rates of one second; with --json without waiting for it.")
  private boolean once;

  @Option(
      names = "--json",
      description = "One JSON object a line, with the servers' own counters since their start.")
  private boolean json;

  @Override
  public Integer call() {
    try (ServerWatch watch = ServerWatch.open(locator)) {
      if (json) {
        showJson(watch);
      } else {
        showLines(watch);
      }
      return spec.exitCodeOnSuccess();
    } catch (LocatorException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void showJson(ServerWatch watch) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(StatText.json(locator, watch.figures()));
    // Whoever reads this, as head, may go away.
    while (!once && !out.checkError()) {
      awaitNext();
      out.println(StatText.json(locator, watch.figures()));
    }
    out.flush();
  }

  private void showLines(ServerWatch watch) {
    PrintWriter out = spec.commandLine().getOut();
    List<ServerFigures> before = watch.figures();
    int lines = 0;
    do {
      if (lines % LINES_PER_HEADING == 0) {
        out.println(StatText.HEADING);
      }
      awaitNext();
      try {
        List<ServerFigures> now = watch.figures();
        out.println(StatText.line(before, now));
        before = now;
      } catch (TransportException e) {
        if (once) {
          throw e;
        }
        out.println("no answer: " + e.getMessage());
      }
      lines++;
    } while (!once && !out.checkError());
    out.flush();
  }

  private static void awaitNext() {
    long due = System.nanoTime() + INTERVAL_NANOS;
    for (long left = INTERVAL_NANOS; left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
