package io.farheap.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The project's Java sources, as files and as syntax trees. */
final class SourceTree {
  /** The modules whose sources carry the house's rules. */
  static final List<String> MODULES =
      List.of(
          "base",
          "transport/core",
          "transport/rdma",
          "transport/server",
          "testing/support",
          "allocator",
          "evacuator",
          "runtime",
          "jmh",
          "apps");

  private SourceTree() {}

  /** The folder of the whole project, found upwards from where the tests run. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("farheap"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("no launcher above " + Path.of("").toAbsolutePath());
    }
    return folder;
  }

  /** All main sources of the modules, in the order of their paths. */
  static List<Path> mainSources() {
    return sources("src/main/java");
  }

  /** All main and test sources of the modules. */
  static List<Path> allSources() {
    return Stream.concat(mainSources().stream(), sources("src/test/java").stream()).toList();
  }

  private static List<Path> sources(String folder) {
    List<Path> found = new ArrayList<>();
    for (String module : MODULES) {
      Path start = root().resolve(module).resolve(folder);
      try (Stream<Path> files = Files.walk(start)) {
        files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }

  /** What {@link #parse} hands to its visitor. */
  @FunctionalInterface
  interface UnitVisitor {
    void visit(CompilationUnitTree unit, Trees trees);
  }

  /** Parses the files without resolving any name. */
  static void parse(List<Path> files, UnitVisitor visitor) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      Trees trees = Trees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        visitor.visit(unit, trees);
      }
    }
  }
}
