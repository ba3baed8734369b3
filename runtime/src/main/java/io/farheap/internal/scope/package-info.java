/** Who uses what: open scopes and pins, and pointers that nobody closed. */
package io.farheap.internal.scope;
