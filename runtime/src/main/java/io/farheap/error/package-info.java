/** What a heap throws: one family of exceptions, each of which says what to do. */
package io.farheap.error;
