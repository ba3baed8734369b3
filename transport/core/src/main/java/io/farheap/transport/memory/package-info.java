/** Native memory as slabs need it: reserved ranges that the system commits when touched. */
package io.farheap.transport.memory;
