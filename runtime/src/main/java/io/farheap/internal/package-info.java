/** The core behind the public API: hit path, miss paths and the heap's life. */
package io.farheap.internal;
