/** Streams of operations on objects that are known by keys, and the heaps that they run on. */
package io.farheap.jmh.work;
