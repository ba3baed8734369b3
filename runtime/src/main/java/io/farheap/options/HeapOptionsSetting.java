package io.farheap.options;

/**
 * The effective value of a setting.
 *
 * @param number the value as its kind holds it
 * @param text the value for reading
 * @param origin where it came from
 */
record HeapOptionsSetting(long number, String text, String origin) {}
