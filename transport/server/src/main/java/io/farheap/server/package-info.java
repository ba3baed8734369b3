/**
 * The memory server: a process that keeps slabs of opaque bytes for its clients under leases, and
 * trusts none of them.
 */
package io.farheap.server;
