/** What a hit costs: a dereference of what is local, beside a read of the same bytes. */
package io.farheap.jmh.hit;
