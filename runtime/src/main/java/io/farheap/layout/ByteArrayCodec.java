package io.farheap.layout;

import io.farheap.base.memory.NativeMemory;

/** Untyped byte objects: the array's bytes as they are. */
final class ByteArrayCodec extends Codec<byte[]> {
  static final ByteArrayCodec INSTANCE = new ByteArrayCodec();

  private static final String LABEL = "byte[]";

  private ByteArrayCodec() {}

  @Override
  public Class<byte[]> valueType() {
    return byte[].class;
  }

  @Override
  public int lengthBytes(byte[] value) {
    CodecSupport.requireValue(value, LABEL);
    return value.length;
  }

  @Override
  public boolean fixedLength() {
    return false;
  }

  @Override
  public byte[] read(long rawAddress, int lengthBytes) {
    byte[] value = new byte[lengthBytes];
    NativeMemory.copyOut(rawAddress, value, 0, lengthBytes);
    return value;
  }

  @Override
  public void write(long rawAddress, int lengthBytes, byte[] value) {
    CodecSupport.requireArray(value, lengthBytes, LABEL);
    NativeMemory.copyIn(value, 0, rawAddress, lengthBytes);
  }
}
