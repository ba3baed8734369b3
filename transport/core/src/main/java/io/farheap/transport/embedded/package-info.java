/** Far memory inside this process: slabs in native memory, with injected latency if wanted. */
package io.farheap.transport.embedded;
