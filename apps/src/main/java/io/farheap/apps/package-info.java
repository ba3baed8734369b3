/** The command line: the demo, the memory server and the benchmark runner. */
package io.farheap.apps;
