/**
 * Far memory that is read and written by RDMA, without the server's processor. Only slabs, the
 * lease and new queue pairs need the server's connection.
 */
package io.farheap.rdma;
