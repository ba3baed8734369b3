/** How a heap is to be: its settings, where they come from, and what each may be. */
package io.farheap.options;
