/** The servers that the memcached benchmark compares, each a process of its own. */
package io.farheap.jmh.memcached;
