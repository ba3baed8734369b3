package io.farheap.apps.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files by which a system describes itself.
 *
 * @param root the folder that holds {@code proc}, {@code sys} and {@code dev}
 */
record FileTree(Path root) {

  Path path(String relative) {
    return root.resolve(relative);
  }

  boolean has(String relative) {
    return Files.exists(path(relative));
  }

  /** A file's text without blanks around it; nothing if it cannot be read or is empty. */
  Optional<String> text(String relative) {
    try {
      String text = Files.readString(path(relative)).strip();
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /** A file's lines; none if it cannot be read. */
  List<String> lines(String relative) {
    return text(relative).map(text -> text.lines().toList()).orElse(List.of());
  }

  /** The rest of a file's first line that begins with a label. */
  Optional<String> labelled(String relative, String label) {
    return lines(relative).stream()
        .filter(line -> line.startsWith(label))
        .findFirst()
        .map(line -> line.substring(label.length()).strip());
  }

  /** The names in a folder in their order, numbers by value; none if it cannot be read. */
  List<String> names(String relative) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path(relative))) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    names.sort(FileTree::compareNames);
    return names;
  }

  private static int compareNames(String a, String b) {
    boolean numbers = a.matches("[0-9]{1,9}") && b.matches("[0-9]{1,9}");
    return numbers ? Integer.compare(Integer.parseInt(a), Integer.parseInt(b)) : a.compareTo(b);
  }
}
