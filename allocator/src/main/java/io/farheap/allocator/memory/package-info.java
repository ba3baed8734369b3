/** Native memory by raw address: the only place that touches it. */
package io.farheap.allocator.memory;
