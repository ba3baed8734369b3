/** The way to far memory: which slab has which page, and one trip of a page or an object there. */
package io.farheap.internal.far;
