package io.farheap.apps.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Describes {@code farheap test} for the help. The launcher runs the tests itself, since they
 * rebuild the very classes that this process is made of.
 */
@Command(
    name = "test",
    description =
        "Run the tests: format, unit, simulation and stress tests, quick start, jcstress.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  farheap test            every ordinary test, then minutes of jcstress",
      "  farheap test --stress   only jcstress, in quick mode, without a time limit",
      "  farheap test --soak     only the long random runs",
      "  farheap test --rdma     only those on real verbs, in a guest with soft-RoCE",
      "  farheap test --rdma -- ibv_devinfo       any command in that guest"
    })
final class TestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--stress", description = "Only jcstress, without a time budget.")
  private boolean stress;

  @Option(names = "--soak", description = "Only the long random runs.")
  private boolean soak;

  @Option(names = "--rdma", description = "Only those on real verbs, in a guest with soft-RoCE.")
  private boolean rdma;

  @Parameters(
      paramLabel = "WORD",
      description = "With --rdma: pattern of classes to run, or after -- a command for the guest.")
  private List<String> words = List.of();

  @Override
  public Integer call() {
    String option = stress ? " --stress" : soak ? " --soak" : rdma ? " --rdma" : "";
    spec.commandLine()
        .getErr()
        .println(
            "farheap: the launcher runs the tests: ./farheap test"
                + option
                + words.stream().map(word -> " " + word).collect(Collectors.joining()));
    return spec.exitCodeOnInvalidInput();
  }
}
