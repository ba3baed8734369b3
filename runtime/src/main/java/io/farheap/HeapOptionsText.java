package io.farheap;

/**
 * The text of a setting as somebody wrote it.
 *
 * @param text the value
 * @param origin where it was written: file and line, environment variable, or builder
 */
record HeapOptionsText(String text, String origin) {}
