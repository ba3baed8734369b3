package io.farheap.transport;

/**
 * Atomic operations on words of 8 bytes in far memory: atomic to each other, by whichever thread,
 * and not to reads and writes that are in flight together with them. A word is in the byte order of
 * the far memory's machine, which is little-endian on all that there are.
 *
 * <p>Each waits until it has been carried out. Unlike reads and writes it is not issued again when
 * a connection is lost under it.
 */
public interface FarAtomics {

  /**
   * Replaces a word if it has an expected value.
   *
   * @param slab slab id
   * @param slabOffset first byte of the word, a multiple of 8
   * @param expected value to be replaced
   * @param replacement new value
   * @param timeoutNanos how long to wait
   * @return the value before; it was replaced if this is the expected one
   * @throws RequestRefusedException if there is no such word, or no atomic access to it
   * @throws SlabLostException if the slab is lost
   * @throws ConnectionLostException if closed or out of reach; if the message says so, it may or
   *     may not have been carried out
   * @throws TransportTimeoutException if it was not done in time; it may or may not have been
   *     carried out
   */
  long compareAndSwap(
      long slab, long slabOffset, long expected, long replacement, long timeoutNanos);

  /**
   * Adds to a word; it wraps around.
   *
   * @param slab slab id
   * @param slabOffset first byte of the word, a multiple of 8
   * @param addend what is added
   * @param timeoutNanos how long to wait
   * @return the value before
   * @throws RequestRefusedException if there is no such word, or no atomic access to it
   * @throws SlabLostException if the slab is lost
   * @throws ConnectionLostException if closed or out of reach; if the message says so, it may or
   *     may not have been carried out
   * @throws TransportTimeoutException if it was not done in time; it may or may not have been
   *     carried out
   */
  long fetchAndAdd(long slab, long slabOffset, long addend, long timeoutNanos);
}
