/**
 * RDMA as the client and the server of this transport see it: queue pairs, domains and
 * registrations; one implementation on the machine's devices.
 */
package io.farheap.rdma.fabric;
