/** The two ways of a miss, by page and by object, on the workloads that each is good at. */
package io.farheap.jmh.paths;
