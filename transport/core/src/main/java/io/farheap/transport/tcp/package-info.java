/**
 * Far memory on a memory server, reached over TCP. Whoever waits for a reply reads the connection
 * itself, so that a miss costs no hop to another thread.
 */
package io.farheap.transport.tcp;
