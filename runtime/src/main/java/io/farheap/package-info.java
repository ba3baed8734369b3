/** The public API: a heap that is larger than its local budget, its pointers and its scopes. */
package io.farheap;
