package io.farheap.house;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which packages use each other in a circle. One package uses another if a class of it names a
 * class there: in its code, or as text, as somebody does who starts a program of another module by
 * name.
 */
final class PackageCircles {
  private final Map<String, Set<String>> arrows = new TreeMap<>();

  PackageCircles(JavaClasses classes) {
    Map<String, JavaClass> ours =
        classes.stream().collect(Collectors.toMap(JavaClass::getName, Function.identity()));
    for (JavaClass type : classes) {
      Set<String> used = new TreeSet<>(ClassFiles.strings(type));
      type.getDirectDependenciesFromSelf()
          .forEach(arrow -> used.add(arrow.getTargetClass().getBaseComponentType().getName()));
      for (String name : used) {
        if (ours.containsKey(name)) {
          arrows
              .computeIfAbsent(type.getPackageName(), _ -> new TreeSet<>())
              .add(ours.get(name).getPackageName());
        }
      }
    }
  }

  /** Whether a class of one package names a class of another. */
  boolean uses(String from, String to) {
    return arrows.getOrDefault(from, Set.of()).contains(to);
  }

  /** Every largest set of two or more packages each of which leads to every other. */
  Set<Set<String>> find() {
    Map<String, Set<String>> reached = new TreeMap<>();
    for (String start : arrows.keySet()) {
      reached.put(start, reachedFrom(start));
    }
    Set<Set<String>> circles = new HashSet<>();
    reached.forEach(
        (start, ends) -> {
          Set<String> circle =
              ends.stream()
                  .filter(end -> reached.getOrDefault(end, Set.of()).contains(start))
                  .collect(Collectors.toCollection(TreeSet::new));
          if (circle.size() > 1) {
            circles.add(circle);
          }
        });
    return circles;
  }

  private Set<String> reachedFrom(String start) {
    Set<String> seen = new TreeSet<>();
    Deque<String> next = new ArrayDeque<>(Set.of(start));
    while (!next.isEmpty()) {
      for (String used : arrows.getOrDefault(next.remove(), Set.of())) {
        if (seen.add(used)) {
          next.add(used);
        }
      }
    }
    return seen;
  }
}
