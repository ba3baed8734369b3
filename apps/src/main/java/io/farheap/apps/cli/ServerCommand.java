package io.farheap.apps.cli;

import io.farheap.server.ServerMain;
import io.farheap.server.ServerSetting;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** Runs a memory server in this process, with the options of {@link ServerSetting}. */
@Command(
    name = "server",
    sortOptions = false,
    modelTransformer = ServerCommand.Options.class,
    description = {
      "Lend this machine's memory to clients, until SIGTERM or Ctrl-C. Each option may also be a"
          + " variable, as FARHEAP_SERVER_TLS_CERT, or a line of the --config file, as tls-cert ="
          + " server.pem; options win over variables, variables over lines.",
      "Exit code 0 after it was told to stop, 1 if it cannot start, 2 for wrong settings."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farheap server --insecure --memory 4GiB       for this machine only",
      "  farheap server --listen tcp://0.0.0.0:7070 --memory 64GiB --tls-cert server.pem"
          + " --tls-key server.key --token-file tokens",
      "  farheap server --insecure --memory 4GiB --memory-file /dev/shm     for shm: clients",
      "  farheap server --config server.conf"
    })
final class ServerCommand implements Callable<Integer> {
  private static final String PREFIX = "--";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    return ServerMain.run(chosen(), System.getenv(), System.out, System.err);
  }

  private Map<ServerSetting, String> chosen() {
    Map<ServerSetting, String> chosen = new EnumMap<>(ServerSetting.class);
    for (ServerSetting setting : ServerSetting.values()) {
      OptionSpec option = spec.findOption(PREFIX + setting.key());
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        chosen.put(setting, text(option.getValue()));
      }
    }
    return chosen;
  }

  private static String text(Object value) {
    return value instanceof String[] several ? String.join(",", several) : value.toString();
  }

  /** Adds an option for each setting, so that settings are described in one place. */
  static final class Options implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      Arrays.stream(ServerSetting.values()).map(Options::option).forEach(command::addOption);
      return command;
    }

    private static OptionSpec option(ServerSetting setting) {
      OptionSpec.Builder option =
          OptionSpec.builder(PREFIX + setting.key()).description(setting.description());
      if (setting.label().isEmpty()) {
        return option.type(boolean.class).arity("0").build();
      }
      option.paramLabel(setting.label().get());
      return setting == ServerSetting.LISTEN
          ? option.type(String[].class).arity("1").build()
          : option.type(String.class).arity("1").build();
    }
  }
}
