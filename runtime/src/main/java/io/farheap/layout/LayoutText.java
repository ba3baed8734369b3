package io.farheap.layout;

import java.util.Locale;

/** Draws a layout as a table of offsets, with nested records indented and padding shown. */
final class LayoutText {
  private final StringBuilder text = new StringBuilder();

  private LayoutText() {}

  static String describe(RecordShape shape) {
    LayoutText drawing = new LayoutText();
    drawing.text.append(
        String.format(
            Locale.ROOT,
            "record %s: %d bytes, aligned to %d%n  offset   bytes  component%n",
            shape.type().getTypeName(),
            shape.lengthBytes(),
            shape.alignmentBytes()));
    drawing.rows(shape, 0, "");
    return drawing.text.toString();
  }

  private void rows(RecordShape shape, int baseBytes, String indent) {
    int endBytes = 0;
    for (Component component : shape.components()) {
      padding(baseBytes, endBytes, component.offsetBytes(), indent);
      row(
          baseBytes + component.offsetBytes(),
          component.lengthBytes(),
          indent + component.typeName() + " " + component.name());
      if (component instanceof Component.Nested nested) {
        rows(nested.shape(), baseBytes + component.offsetBytes(), indent + "  ");
      }
      endBytes = component.offsetBytes() + component.lengthBytes();
    }
    padding(baseBytes, endBytes, shape.lengthBytes(), indent);
  }

  private void padding(int baseBytes, int fromBytes, int toBytes, String indent) {
    if (fromBytes < toBytes) {
      row(baseBytes + fromBytes, toBytes - fromBytes, indent + "(padding)");
    }
  }

  private void row(int offsetBytes, int lengthBytes, String what) {
    text.append(String.format(Locale.ROOT, "%8d%8d  %s%n", offsetBytes, lengthBytes, what));
  }
}
