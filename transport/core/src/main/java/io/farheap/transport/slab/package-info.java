/**
 * What all providers know of slabs and transfers: which there are, why a transfer is refused, what
 * was copied. Stands on nothing but the SPI; not exported.
 */
package io.farheap.transport.slab;
