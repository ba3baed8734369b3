/** The command line: the demo and the benchmark runner. */
package io.farheap.apps;
