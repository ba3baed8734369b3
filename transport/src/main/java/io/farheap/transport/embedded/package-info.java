/** The memory server inside the process, completing on the caller's thread. */
package io.farheap.transport.embedded;
