package io.farheap.layout;

/**
 * What the generated codecs of all record classes have in common; see {@link CodecGenerator}.
 *
 * @param <T> the record class
 */
abstract class RecordCodec<T> extends Codec<T> {
  RecordCodec() {}

  @Override
  public final boolean fixedLength() {
    return true;
  }
}
