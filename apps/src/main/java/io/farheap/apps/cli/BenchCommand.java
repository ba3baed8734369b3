package io.farheap.apps.cli;

import io.farheap.jmh.Benchmarks;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs one benchmark by its name. */
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
final class BenchCommand implements Callable<Integer> {
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
