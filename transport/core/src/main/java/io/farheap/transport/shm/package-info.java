/**
 * Far memory of a server on the same machine, which both sides map: reads and writes are copies in
 * memory. Only slabs and the lease need the server.
 */
package io.farheap.transport.shm;
