package io.farheap.layout;

import io.farheap.error.LayoutException;

/**
 * Turns Java values into bytes at a raw address and back: the seam between the heap, which knows
 * where bytes are, and layouts, which know what they mean.
 *
 * <p>For the runtime itself. A codec trusts its caller that the {@code lengthBytes} bytes at {@code
 * rawAddress} belong to the object and stay there during the call; it checks the length and the
 * value, never the address. Codecs are immutable and safe for all threads, accept any alignment,
 * use the native byte order and make no ordered accesses.
 *
 * <p>A read calls the record's constructor and a write its accessors; what they throw passes
 * through. A write evaluates and checks the whole value before it stores the first byte.
 *
 * @param <T> type of the values
 */
public abstract class Codec<T> {
  Codec() {}

  /** The codec of untyped byte objects: as many bytes as the array has, no header. */
  public static Codec<byte[]> bytes() {
    return ByteArrayCodec.INSTANCE;
  }

  /** Class of the values. */
  public abstract Class<T> valueType();

  /**
   * Bytes that a value takes.
   *
   * @param value any value; not looked at when {@link #fixedLength()}
   * @throws LayoutException when the value is null and its length depends on it
   */
  public abstract int lengthBytes(T value);

  /** Whether all values take the same number of bytes. */
  public abstract boolean fixedLength();

  /**
   * Builds the value from an object's bytes.
   *
   * @param rawAddress first byte of the object's body
   * @param lengthBytes length of the object's body
   * @return a new value that shares nothing with the bytes
   * @throws LayoutException when an object of that length is no {@code T}
   */
  public abstract T read(long rawAddress, int lengthBytes);

  /**
   * Stores a value into an object's bytes, padding included.
   *
   * @param rawAddress first byte of the object's body
   * @param lengthBytes length of the object's body
   * @param value what to store
   * @throws LayoutException when the value does not fit its layout or the length; no byte has
   *     changed
   */
  public abstract void write(long rawAddress, int lengthBytes, T value);
}
