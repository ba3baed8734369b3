/** What happens on a miss: pages and objects come in, asked for or ahead of their use. */
package io.farheap.internal.miss;
