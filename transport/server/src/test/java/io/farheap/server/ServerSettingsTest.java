package io.farheap.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.base.settings.SettingException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ServerSettingsTest {
  @TempDir private Path folder;

  private static ServerSettings options(String line) {
    return ServerSettings.read(ServerMain.parse(line.split(" ")), Map.of());
  }

  private ServerSettings file(String... lines) throws IOException {
    Path file = folder.resolve("server.conf");
    Files.write(file, List.of(lines));
    return ServerSettings.read(Map.of(ServerSetting.CONFIG, file.toString()), Map.of());
  }

  @Test
  void defaultsListenOnALoopbackAddress() {
    ServerConfig config = options("--insecure").config();
    assertEquals(List.of("/127.0.0.1:7070"), listen(config));
    assertEquals(1L << 30, config.memoryBytes());
    assertEquals(64L << 20, config.slabBytes());
    assertEquals(30_000, config.leaseMillis());
    assertEquals(2_000, config.silenceMillis());
    assertEquals(10_000, options("--insecure").drainMillis());
  }

  @Test
  void rdmaIsTheAddressOfOneDevice() {
    assertEquals(Optional.empty(), options("--insecure").config().rdma());
    RdmaConfig device = options("--insecure --rdma 192.0.2.7").config().rdma().orElseThrow();
    assertEquals("/192.0.2.7:0", device.address().toString());
    assertEquals(RdmaConfig.DEFAULT_PROVIDER, device.provider());
    RdmaConfig other =
        options("--insecure --rdma [2001:db8::7]:99 --rdma-provider disni")
            .config()
            .rdma()
            .orElseThrow();
    assertEquals(99, other.address().getPort());
    assertEquals("disni", other.provider());
    for (String wrong : List.of("0.0.0.0", "192.0.2.7:70000", "tcp://192.0.2.7:7")) {
      refused("--rdma: ", () -> options("--insecure --rdma " + wrong).config());
    }
  }

  @Test
  void optionsWinOverVariablesAndVariablesOverLines() throws IOException {
    Path file = folder.resolve("server.conf");
    Files.writeString(file, "memory = 2GiB\nlease=40s\n silence =  3s \n\n# slab = 1\n");
    ServerConfig config =
        ServerSettings.read(
                ServerMain.parse("--memory", "4GiB", "--insecure"),
                Map.of(
                    "FARHEAP_SERVER_CONFIG", file.toString(),
                    "FARHEAP_SERVER_MEMORY", "3GiB",
                    "FARHEAP_SERVER_LEASE", "50s",
                    "FARHEAP_LOCAL_MEMORY", "not ours"))
            .config();
    assertEquals(4L << 30, config.memoryBytes());
    assertEquals(50_000, config.leaseMillis());
    assertEquals(3_000, config.silenceMillis());
  }

  @Test
  void severalAddressesInOneOptionOrInSeveral() {
    List<String> expected = List.of("/127.0.0.1:1", "/[0:0:0:0:0:0:0:1]:2");
    assertEquals(
        expected, listen(options("--listen=tcp://127.0.0.1:1,tcp://[::1]:2 --insecure").config()));
    assertEquals(
        expected,
        listen(options("--listen tcp://127.0.0.1:1 --insecure --listen tcp://[::1]:2").config()));
  }

  private static List<String> listen(ServerConfig config) {
    return config.listen().stream().map(InetSocketAddress::toString).toList();
  }

  @Test
  void securityIsHandedOn() {
    ServerConfig config =
        options("--tls-cert c --tls-key k --tls-ca a --token-file t --memory-file /dev/shm")
            .config();
    assertEquals(Optional.of(Path.of("c")), config.tls().orElseThrow().certificate());
    assertEquals(Optional.of(Path.of("a")), config.tls().orElseThrow().authority());
    assertEquals(Optional.of(Path.of("t")), config.tokenFile());
    assertEquals(Optional.of(Path.of("/dev/shm")), config.memoryFile());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--memory 4GB | --memory: memory = \"4GB\" is not allowed; use a size",
        "--lease soon | --lease: lease = \"soon\" is not allowed; use a span of time",
        "--threads two | --threads: threads = \"two\" is not allowed",
        "--insecure=yes | use true or false",
        "--listen 127.0.0.1:7070 | --listen: listen = \"127.0.0.1:7070\" is not allowed; use tcp",
        "--listen tcp://127.0.0.1:70700 | use tcp://HOST:PORT",
        "--memroy 1GiB | --memroy: there is no such option; did you mean memory?",
        "memory | memory: is no option",
        "--memory | --memory: wants SIZE after it",
        "--memory 1KiB --insecure | --memory: memory = \"1KiB\" is not allowed; use room for 1 to",
        "--tls-ca a | --tls-ca: tls-ca = \"a\" is not allowed; use tls-cert and tls-key",
        "--tls-key a | --tls-key: tls-key = \"a\" is not allowed; use files that go together:"
            + " tls-cert",
        "--memory 1GiB | insecure = \"false\" is not allowed; use tls-cert and tls-key",
        "--insecure --listen tcp://192.0.2.1:7070 | --listen: listen = \"/192.0.2.1:7070\" is not"
      })
  void aWrongOptionIsNamed(String line, String message) {
    refused(message, () -> options(line).config());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "memroy = 1GiB | server.conf:3: memroy = \"1GiB\" is not allowed; use the key memory",
        "frobnicate = 1 | use one of the keys listen, memory,",
        "memory = 4GB | server.conf:3: memory = \"4GB\" is not allowed",
        "memory | server.conf:3: memory = \"\" is not allowed; use a size",
        "insecure = false | server.conf:3: insecure = \"false\" is not allowed; use each key once",
        "config = other.conf | server.conf:3: config",
        "slab = 3MiB | server.conf:3: slab = \"3MiB\" is not allowed; use a power of two",
        "listen = tcp://192.0.2.1:1 | server.conf:3: listen = \"/192.0.2.1:1\" is not allowed",
      })
  void aWrongLineIsNamedWithFileAndLine(String line, String message) {
    refused(message, () -> file("# a comment", "insecure = true", line).config());
  }

  @Test
  void aWrongLineIsWrongAlsoWhereAnOptionOverridesIt() throws IOException {
    Path file = folder.resolve("server.conf");
    Files.writeString(file, "memory = much\n");
    refused(
        "server.conf:1",
        () ->
            ServerSettings.read(
                ServerMain.parse("--memory", "1GiB", "--config", file.toString()), Map.of()));
  }

  @Test
  void aWrongVariableIsNamed() {
    refused(
        "environment FARHEAP_SERVER_MEMROY",
        () -> ServerSettings.read(Map.of(), Map.of("FARHEAP_SERVER_MEMROY", "1GiB")));
    refused(
        "environment FARHEAP_SERVER_MEMORY: memory = \"x\"",
        () -> ServerSettings.read(Map.of(), Map.of("FARHEAP_SERVER_MEMORY", "x")));
  }

  @Test
  void aFileThatCannotBeReadIsNamedWithWhoNamesIt() {
    Path nowhere = folder.resolve("nowhere.conf");
    refused(
        "--config: config = \"" + nowhere + "\" is not allowed; use a readable",
        () -> options("--config " + nowhere));
  }

  /** Values that a setting of each kind takes, so that no setting lacks a reader. */
  @ParameterizedTest
  @EnumSource(ServerSetting.class)
  void everySettingMayStandInOptionEnvironmentAndFile(ServerSetting setting) throws IOException {
    String value =
        switch (setting.kind()) {
          case ADDRESSES -> "tcp://127.0.0.1:7";
          case SIZE -> "64MiB";
          case TIME -> "7s";
          case COUNT -> "7";
          case FLAG -> "true";
          case PATH -> "";
          case DEVICE_ADDRESS -> "192.0.2.7:7071";
          case WORD -> "farheap";
        };
    if (setting == ServerSetting.CONFIG) {
      value = folder.resolve("server.conf").toString();
      file("insecure = true");
    } else if (value.isEmpty()) {
      value = folder.resolve("some").toString();
    }
    String text = value;
    List<Runnable> readers = new ArrayList<>();
    readers.add(() -> options("--" + setting.key() + "=" + text));
    readers.add(() -> ServerSettings.read(Map.of(), Map.of(setting.variable(), text)));
    readers.forEach(Runnable::run);
    if (setting != ServerSetting.CONFIG) {
      file(setting.key() + " = " + text);
      refused("server.conf:1", () -> file(setting.key() + " ="));
    }
  }

  private interface Action {
    void run() throws IOException;
  }

  private static void refused(String message, Action action) {
    SettingException refused = assertThrows(SettingException.class, action::run);
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }
}
