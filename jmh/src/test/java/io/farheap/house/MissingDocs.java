package io.farheap.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;

/**
 * Collects public and protected members of public types that have no docstring. What overrides
 * another member, and what JMH calls by its annotation, takes its meaning from there.
 */
final class MissingDocs extends TreePathScanner<Void, Void> {
  private static final Set<String> EXPLAINED_BY =
      Set.of("Override", "Benchmark", "Setup", "TearDown", "Param");

  private final Trees trees;
  private final CompilationUnitTree unit;
  private final List<String> missing;

  MissingDocs(CompilationUnitTree unit, Trees trees, List<String> missing) {
    this.trees = trees;
    this.unit = unit;
    this.missing = missing;
  }

  @Override
  public Void visitClass(ClassTree type, Void unused) {
    if (!isVisible(type.getModifiers()) || type.getSimpleName().isEmpty()) {
      return null;
    }
    require(type, type.getSimpleName().toString());
    for (Tree member : type.getMembers()) {
      scan(member, null);
    }
    return null;
  }

  @Override
  public Void visitMethod(MethodTree method, Void unused) {
    // What a record's constructor takes is said by the docstring of the record.
    boolean ofRecord = method.getName().contentEquals("<init>") && isRecord();
    if (!ofRecord && isVisible(method.getModifiers())) {
      require(method, method.getName().toString());
    }
    return null;
  }

  @Override
  public Void visitVariable(VariableTree field, Void unused) {
    if (!isRecord() && isVisible(field.getModifiers())) {
      require(field, field.getName().toString());
    }
    return null;
  }

  @Override
  public Void visitBlock(BlockTree initializer, Void unused) {
    return null;
  }

  private boolean isRecord() {
    return enclosing().getKind() == Tree.Kind.RECORD;
  }

  private ClassTree enclosing() {
    return (ClassTree) getCurrentPath().getParentPath().getLeaf();
  }

  private boolean isVisible(ModifiersTree modifiers) {
    for (AnnotationTree annotation : modifiers.getAnnotations()) {
      if (EXPLAINED_BY.contains(annotation.getAnnotationType().toString())) {
        return false;
      }
    }
    if (modifiers.getFlags().contains(Modifier.PUBLIC)
        || modifiers.getFlags().contains(Modifier.PROTECTED)) {
      return true;
    }
    TreePath parent = getCurrentPath().getParentPath();
    return parent != null
        && parent.getLeaf().getKind() == Tree.Kind.INTERFACE
        && !modifiers.getFlags().contains(Modifier.PRIVATE);
  }

  private void require(Tree tree, String name) {
    if (trees.getDocComment(getCurrentPath()) == null) {
      SourcePositions positions = trees.getSourcePositions();
      LineMap lines = unit.getLineMap();
      long line = lines.getLineNumber(positions.getStartPosition(unit, tree));
      missing.add(unit.getSourceFile().getName() + ":" + line + ": " + name + " has no docstring");
    }
  }
}
