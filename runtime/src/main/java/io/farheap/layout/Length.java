package io.farheap.layout;

import io.farheap.error.LayoutException;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Fixes how many elements an array component of a record has, so that the record has one size in
 * far memory: {@code record Histogram(@Length(16) int[] counts) {}}.
 *
 * <p>Every value written must hold an array of exactly this length, or {@link LayoutException} is
 * thrown. Values that are read get an array of their own.
 */
@Documented
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Length {
  /** Number of elements, at least 1. */
  int value();
}
