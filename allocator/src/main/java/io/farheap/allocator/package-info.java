/** Frames, segments, pointer records, the page table, cards and epochs of one heap. */
package io.farheap.allocator;
