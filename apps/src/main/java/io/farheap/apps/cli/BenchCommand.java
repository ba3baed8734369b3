package io.farheap.apps.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * Describes {@code farheap bench} for the help. The launcher starts the benchmarks as a program of
 * their own, since the commands here do without them and what they need.
 */
@Command(
    name = "bench",
    description = "Run a benchmark beside its baseline and print ratios.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  farheap bench --help    its options, as the launcher knows them",
      "  farheap bench --list    the names of the benchmarks"
    })
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Unmatched private final List<String> words = new ArrayList<>();

  @Override
  public Integer call() {
    spec.commandLine()
        .getErr()
        .println(
            "farheap: the launcher runs the benchmarks: "
                + String.join(" ", "./farheap bench", String.join(" ", words)).strip());
    return spec.exitCodeOnInvalidInput();
  }
}
