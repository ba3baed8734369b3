/** Sizes, times and addresses as people write them. */
package io.farheap.base.text;
