package io.farheap.apps.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line behind the {@code farheap} launcher; its subcommands do the work. */
@Command(
    name = "farheap",
    description = "Far memory for the JVM: a heap larger than its local budget.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    subcommands = {
      DemoCommand.class,
      ServerCommand.class,
      StatCommand.class,
      LoadCommand.class,
      MemcachedCommand.class,
      BenchCommand.class,
      DoctorCommand.class,
      TestCommand.class
    },
    versionProvider = FarheapCli.Version.class,
    footerHeading = "%nExamples:%n",
    footer = {
      "  farheap demo                      the main job: 2 GiB on a 512 MiB budget",
      "  farheap server --insecure         lends memory to clients on this machine",
      "  farheap demo --server tcp://127.0.0.1:7070   the same job on that memory",
      "  farheap stat tcp://127.0.0.1:7070            what the server does, a line a second",
      "  farheap memcached --far 16GiB     a memcached with items in far memory",
      "  farheap bench --list              the names of the benchmarks",
      "  farheap bench hot-deref --quick   one benchmark in under a minute",
      "  farheap doctor                    which transports work here, and what mends the others",
      "  farheap test                      every ordinary test",
      "  farheap COMMAND --help            more about one command"
    })
public final class FarheapCli implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show where an error came from.")
  private boolean stackTraceRequested;

  /** Creates the command with no options set. */
  public FarheapCli() {}

  /**
   * Runs one command and ends the process with its exit code: 0 for success, 1 for a failure, 2 for
   * a command line that makes no sense.
   *
   * @param arguments the words after the program's name
   */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return withErrors(new CommandLine(new FarheapCli()));
  }

  /**
   * The command line of a program that brings one of the commands itself.
   *
   * @param command takes the place of the command that has its name here
   */
  public static CommandLine commandLine(Object command) {
    CommandLine all = new CommandLine(new FarheapCli());
    CommandLine brought = new CommandLine(command);
    all.getCommandSpec().removeSubcommand(brought.getCommandName());
    return withErrors(all.addSubcommand(brought));
  }

  private static CommandLine withErrors(CommandLine all) {
    return all.setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(FarheapCli::report);
  }

  /** Without a command there is nothing to do, so the help says what there is. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /**
   * Waits for SIGTERM or SIGINT, and ends the process: with 0 once all is closed. Returns early
   * only if the thread is interrupted.
   *
   * @param name of the thread that closes
   * @param close ends what runs
   */
  static void runUntilStopped(String name, Runnable close) {
    Runnable end =
        () -> {
          int code = CommandLine.ExitCode.SOFTWARE;
          try {
            close.run();
            code = CommandLine.ExitCode.OK;
          } finally {
            // Otherwise the JVM would answer a signal with an exit code of its own.
            Runtime.getRuntime().halt(code);
          }
        };
    Runtime.getRuntime().addShutdownHook(new Thread(end, name));
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int report(Exception failure, CommandLine failed, ParseResult parsed) {
    PrintWriter err = failed.getErr();
    FarheapCli root = (FarheapCli) failed.getCommandSpec().root().userObject();
    if (root.stackTraceRequested) {
      failure.printStackTrace(err);
    } else {
      String message = failure.getMessage();
      err.println("farheap: " + (message == null ? failure.toString() : message));
      err.println("(--stacktrace shows where this came from)");
    }
    err.flush();
    return failed.getCommandSpec().exitCodeOnExecutionException();
  }

  /** The project's version as the build wrote it, and the Java that runs it. */
  static final class Version implements IVersionProvider {
    private static final String RESOURCE = "version.properties";

    @Override
    public String[] getVersion() throws IOException {
      Properties properties = new Properties();
      try (InputStream in = FarheapCli.class.getResourceAsStream(RESOURCE)) {
        if (in == null) {
          throw new IOException("resource " + RESOURCE + " is missing: build again with Maven");
        }
        properties.load(in);
      }
      return new String[] {
        "farheap " + properties.getProperty("version"),
        "Java "
            + Runtime.version()
            + ", "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch")
      };
    }
  }
}
