/** Stress tests, by jcstress, of each word that threads share without a lock. */
package io.farheap.stress;
