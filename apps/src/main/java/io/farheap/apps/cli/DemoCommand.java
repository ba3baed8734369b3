package io.farheap.apps.cli;

import io.farheap.apps.demo.Demo;
import io.farheap.apps.demo.DemoSettings;
import io.farheap.base.text.ByteSize;
import io.farheap.options.Mode;
import java.io.Console;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Runs key-value items through a heap larger than its local budget. */
@Command(
    name = "demo",
    sortOptions = false,
    description = {
      "Load more items than the local budget holds, use them in each mode, verify every value and"
          + " compare the modes. Takes some 4 GiB of memory, since far memory is in this process;"
          + " with --server it is there.",
      "Exit code 1 if any value is wrong."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farheap demo                                2 GiB on a 512 MiB budget, in three modes",
      "  farheap demo --quick                        a few seconds for each mode",
      "  farheap demo --latency 20us --skew 0.8      a slower network, less skewed keys",
      "  farheap demo --data 4GiB --local 1GiB --modes hybrid,object",
      "  farheap demo --server tcp://127.0.0.1:7070  on a memory server, see farheap server"
    })
final class DemoCommand implements Callable<Integer> {
  private static final long QUICK_LOCAL_BYTES = 64L << 20;
  private static final long QUICK_DATA_BYTES = 256L << 20;
  private static final double QUICK_SECONDS = 2;
  private static final long LOCAL_BYTES = 512L << 20;
  private static final long DATA_BYTES = 2L << 30;
  private static final double SECONDS = 6;
  private static final String LATENCY = "5us";

  @Spec private CommandSpec spec;

  @Option(
      names = "--local",
      paramLabel = "SIZE",
      converter = Size.class,
      description = "Local budget (default: 512MiB).")
  private Long localBytes;

  @Option(
      names = {"--data", "--items"},
      paramLabel = "SIZE",
      converter = Size.class,
      description = "Bytes of items (default: 2GiB).")
  private Long dataBytes;

  @Option(
      names = "--modes",
      paramLabel = "MODE",
      split = ",",
      converter = ModeName.class,
      defaultValue = "hybrid,paging,object",
      description = "Modes in their order (default: ${DEFAULT-VALUE}).")
  private List<Mode> modes;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Measured time of each mode (default: 6).")
  private Double seconds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "Threads that work (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Where items and operations come from (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--skew",
      paramLabel = "S",
      defaultValue = "0.99",
      description = "Zipf exponent of the keys (default: ${DEFAULT-VALUE}).")
  private double skew;

  @Option(
      names = "--latency",
      paramLabel = "TIME",
      description = "Injected latency of far memory, 0 for none (default: 5us; not with --server).")
  private String latency;

  @Option(
      names = "--server",
      paramLabel = "LOCATOR",
      description = "Memory servers that hold the far memory, such as tcp://127.0.0.1:7070.")
  private String server;

  @Option(
      names = "--quick",
      description = "256 MiB on 64 MiB for 2 seconds each, where nothing else is said.")
  private boolean quick;

  @Override
  public Integer call() {
    if (server != null && latency != null) {
      throw new ParameterException(
          spec.commandLine(), "--latency is for far memory in this process; drop it, or --server");
    }
    DemoSettings settings;
    try {
      settings =
          new DemoSettings(
              or(localBytes, quick ? QUICK_LOCAL_BYTES : LOCAL_BYTES),
              or(dataBytes, quick ? QUICK_DATA_BYTES : DATA_BYTES),
              modes,
              seconds != null ? seconds : quick ? QUICK_SECONDS : SECONDS,
              threads,
              seed,
              skew,
              latency == null ? LATENCY : latency,
              Optional.ofNullable(server));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    new Demo(settings, spec.commandLine().getOut(), isTerminal()).run();
    return spec.exitCodeOnSuccess();
  }

  @SuppressWarnings("SystemConsoleNull") // it was never null in JDK 22 to 24 only
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private static long or(Long value, long otherwise) {
    return value == null ? otherwise : value;
  }

  /** A mode by the first word of its name. */
  static final class ModeName implements ITypeConverter<Mode> {
    @Override
    public Mode convert(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "hybrid" -> Mode.HYBRID;
        case "paging" -> Mode.PAGING_ONLY;
        case "object" -> Mode.OBJECT_ONLY;
        default ->
            throw new TypeConversionException(
                "'" + text + "' is no mode; choose from hybrid, paging, object");
      };
    }
  }

  /** A size in bytes. */
  static final class Size implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return ByteSize.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("'" + text + "' is no size such as 512MiB or 4GiB");
      }
    }
  }
}
