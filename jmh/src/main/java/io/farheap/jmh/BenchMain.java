package io.farheap.jmh;

import io.farheap.apps.cli.FarheapCli;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The program of the benchmarks: {@code farheap}'s command line with a {@code bench} that runs one
 * of them by its name. The launcher starts it instead of the program of all other commands.
 */
@Command(
    name = "bench",
    description = "Run a benchmark beside its baseline and print ratios.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  farheap bench --list",
      "  farheap bench hot-deref --quick",
      "  farheap bench fetch --quick            needs no server: it starts its own",
      "  farheap bench fetch --server 'rdma://10.0.0.7:7070?tls-ca=ca.pem&token-file=token'",
      "  farheap bench zipf --json zipf.json"
    })
public final class BenchMain implements Callable<Integer> {
  private static final String FETCH = "fetch";

  @Spec private CommandSpec spec;

  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Which benchmark.")
  private String name;

  @Option(names = "--quick", description = "A smaller run that takes less than 60 seconds.")
  private boolean quick;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write the figures to this file.")
  private Path json;

  @Option(
      names = "--server",
      paramLabel = "LOCATOR",
      description = "With fetch: measure a server that runs already, such as rdma://HOST:7070.")
  private String server;

  @Option(names = "--list", description = "Print the names of the benchmarks and exit.")
  private boolean list;

  /** Creates the command with no options set. */
  public BenchMain() {}

  /**
   * Runs a command and ends the process with its exit code, as {@link FarheapCli#main} does.
   *
   * @param arguments the words after the program's name, {@code bench} the first
   */
  public static void main(String[] arguments) {
    System.exit(FarheapCli.commandLine(new BenchMain()).execute(arguments));
  }

  @Override
  public Integer call() {
    if (list) {
      Benchmarks.names().forEach(spec.commandLine().getOut()::println);
      return spec.exitCodeOnSuccess();
    }
    if (name == null) {
      throw new ParameterException(
          spec.commandLine(), "bench needs a NAME, one of " + Benchmarks.names());
    }
    if (server != null) {
      if (!name.equals(FETCH)) {
        throw new ParameterException(
            spec.commandLine(), "--server is for the benchmark fetch, not for " + name);
      }
      Benchmarks.fetchFrom(server, quick, json, System.out);
      return spec.exitCodeOnSuccess();
    }
    return Benchmarks.run(name, quick, json, System.out);
  }
}
