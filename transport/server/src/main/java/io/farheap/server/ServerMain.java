package io.farheap.server;

import io.farheap.base.settings.SettingException;
import io.farheap.transport.TransportException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/** Starts a memory server from the command line. It runs until it is sent SIGTERM or SIGINT. */
public final class ServerMain {
  /** Exit code of a server that was told to stop. */
  public static final int EXIT_OK = 0;

  /** Exit code of a server that could not start. */
  public static final int EXIT_FAILURE = 1;

  /** Exit code for settings that make no sense. */
  public static final int EXIT_USAGE = 2;

  private static final String NAME = "farheap server: ";
  private static final String OPTION = "--";

  private ServerMain() {}

  /**
   * Runs a server and ends the process with 0 after it was told to stop, 1 if it could not start, 2
   * if the settings make no sense.
   *
   * @param arguments options; {@code --help} shows them
   */
  public static void main(String[] arguments) {
    int code = run(arguments, System.getenv(), System.out, System.err);
    if (code != EXIT_OK) {
      System.exit(code);
    }
  }

  private static int run(
      String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    if (Arrays.asList(arguments).contains("--help")) {
      out.print(help());
      return EXIT_OK;
    }
    Map<ServerSetting, String> options;
    try {
      options = parse(arguments);
    } catch (SettingException e) {
      err.println(NAME + e.getMessage());
      return EXIT_USAGE;
    }
    return run(options, environment, out, err);
  }

  /**
   * Runs a server until the process is told to end.
   *
   * @param options what the command line says
   * @param environment the environment's variables
   * @param out where it says that it has started or stopped
   * @param err where it says what is wrong
   * @return the exit code, if it could not start
   */
  public static int run(
      Map<ServerSetting, String> options,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err) {
    ServerProgram program;
    try {
      program = ServerProgram.start(ServerSettings.read(options, environment), out);
    } catch (SettingException e) {
      err.println(NAME + e.getMessage());
      return EXIT_USAGE;
    } catch (TransportException e) {
      err.println(NAME + e.getMessage() + reason(e));
      return EXIT_FAILURE;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(program), "farheap-server-stop"));
    awaitShutdown();
    return EXIT_OK;
  }

  private static String reason(TransportException failure) {
    String reason = failure.getCause() == null ? null : failure.getCause().getMessage();
    return reason == null || failure.getMessage().contains(reason) ? "" : " (" + reason + ")";
  }

  /** Otherwise the JVM would answer a signal with an exit code of its own. */
  private static void end(ServerProgram program) {
    int code = EXIT_FAILURE;
    try {
      program.stop();
      code = EXIT_OK;
    } finally {
      Runtime.getRuntime().halt(code);
    }
  }

  private static void awaitShutdown() {
    CountDownLatch never = new CountDownLatch(1);
    while (true) {
      try {
        never.await();
      } catch (InterruptedException e) {
        // Only the process's end ends it.
      }
    }
  }

  /** Reads {@code --key value}, {@code --key=value} and {@code --switch}; the last one counts. */
  static Map<ServerSetting, String> parse(String... arguments) {
    Map<ServerSetting, String> options = new EnumMap<>(ServerSetting.class);
    int next = 0;
    while (next < arguments.length) {
      String word = arguments[next++];
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      ServerSetting setting = option(name);
      String value;
      if (equals >= 0) {
        value = word.substring(equals + 1);
      } else if (setting.label().isEmpty()) {
        value = "true";
      } else if (next < arguments.length) {
        value = arguments[next++];
      } else {
        throw SettingException.of(name, "wants " + setting.label().get() + " after it");
      }
      // Several addresses may be given one by one.
      options.merge(
          setting,
          value,
          (before, now) -> setting == ServerSetting.LISTEN ? before + "," + now : now);
    }
    return options;
  }

  private static ServerSetting option(String name) {
    if (!name.startsWith(OPTION)) {
      throw SettingException.of(name, "is no option; options begin with --");
    }
    String key = name.substring(OPTION.length());
    return ServerSetting.find(key)
        .orElseThrow(() -> SettingException.of(name, "there is no such option; " + advice(key)));
  }

  private static String advice(String key) {
    return ServerSetting.NAMES
        .nearest(key)
        .map(near -> "did you mean " + near + "?")
        .orElse("use " + ServerSetting.NAMES.advice(key));
  }

  private static String help() {
    String options =
        Arrays.stream(ServerSetting.values()).map(ServerMain::line).collect(Collectors.joining());
    return """
    Usage: java -jar farheap-server.jar [OPTIONS]
    Lends this machine's memory to Farheap's clients until it is sent SIGTERM.

    """
        + options
        + """

        Each option may also be a variable (FARHEAP_SERVER_TLS_CERT) or a line of the file that
        --config names (tls-cert = server.pem). Options win over variables, variables over lines.
        Exit codes: 0 stopped, 1 could not start, 2 wrong settings.

        Examples:
          java -jar farheap-server.jar --insecure --memory 4GiB
          java -jar farheap-server.jar --listen tcp://0.0.0.0:7070 --memory 64GiB \\
            --tls-cert server.pem --tls-key server.key --token-file tokens
          java -jar farheap-server.jar --config /etc/farheap/server.conf
        """;
  }

  private static String line(ServerSetting setting) {
    String option = OPTION + setting.key() + setting.label().map(label -> " " + label).orElse("");
    return String.format(Locale.ROOT, "  %-29s %s%n", option, setting.description());
  }
}
