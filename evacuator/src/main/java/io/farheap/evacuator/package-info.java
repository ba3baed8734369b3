/** Background agents that move pages out, free garbage and regroup live objects. */
package io.farheap.evacuator;
