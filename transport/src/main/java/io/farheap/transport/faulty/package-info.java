/** A seeded provider that delays, reorders, fails and drops operations, for tests. */
package io.farheap.transport.faulty;
