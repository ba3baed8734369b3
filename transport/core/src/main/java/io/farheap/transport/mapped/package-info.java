/**
 * What is done to slabs that this process has mapped, whoever else has them: copies and atomic
 * operations by this machine's processors. Knows nothing of servers.
 */
package io.farheap.transport.mapped;
