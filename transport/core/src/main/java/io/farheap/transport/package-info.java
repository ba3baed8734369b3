/** How far memory is reached: slabs of opaque bytes behind one provider interface. */
package io.farheap.transport;
