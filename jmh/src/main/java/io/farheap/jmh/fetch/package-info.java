/**
 * What the benchmark of fetches is made of: clients and servers of our own transport, and the bare
 * ones that they are compared with, each server in a process of its own.
 */
package io.farheap.jmh.fetch;
