package io.farheap.apps.memcached.store;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What each operation does to one item, as memcached's protocol says: written again from the
 * requests, with none of the store's code. The CAS uniques that a store makes up are not foreseen:
 * they are {@link #ANY_CAS}.
 */
final class StoreModel {
  static final long ANY_CAS = -1;

  private static final BigInteger LIMIT = BigInteger.TWO.pow(64);

  private StoreModel() {}

  /** What an operation answers, and the item afterwards; null if there is none. */
  record Result(Outcome outcome, ModelItem after, boolean won, boolean created, long number) {
    static Result of(Outcome outcome, ModelItem after) {
      return new Result(outcome, after, false, false, 0);
    }
  }

  static Result get(ModelItem item, GetRequest request, long now) {
    if (item == null) {
      if (request.vivifyExpirySeconds == GetRequest.NONE) {
        return Result.of(Outcome.MISS, null);
      }
      ModelItem made =
          new ModelItem(
              new byte[0],
              0,
              request.vivifyExpirySeconds,
              ANY_CAS,
              false,
              true,
              request.binaryKey,
              false);
      return new Result(Outcome.HIT, made, true, true, 0);
    }
    boolean soon =
        request.recacheBelowSeconds != GetRequest.NONE
            && item.expirySeconds() != 0
            && item.expirySeconds() - now < request.recacheBelowSeconds;
    boolean won = request.takesToken && !item.tokenSent() && (item.stale() || soon);
    ModelItem after = item.withTokens(item.stale(), item.tokenSent() || won);
    if (request.newExpirySeconds != GetRequest.NONE) {
      after = after.withExpiry(request.newExpirySeconds);
    }
    return new Result(Outcome.HIT, after, won, false, 0);
  }

  static Result set(ModelItem item, SetRequest request, byte[] value, int room) {
    boolean joins = request.mode == SetMode.APPEND || request.mode == SetMode.PREPEND;
    ModelItem made =
        new ModelItem(
            value,
            request.clientFlags,
            request.expirySeconds,
            request.casNew == 0 ? ANY_CAS : request.casNew,
            false,
            false,
            request.binaryKey,
            false);
    if (item == null) {
      if (joins && request.vivifyExpirySeconds != SetRequest.NONE) {
        return limited(made.withExpiry(request.vivifyExpirySeconds), null, room, false);
      }
      boolean stores =
          request.mode == SetMode.ADD || (request.mode == SetMode.SET && !request.hasCas);
      if (stores) {
        return limited(made, null, room, true);
      }
      return Result.of(request.hasCas && !joins ? Outcome.MISS : Outcome.NOT_STORED, null);
    }
    if (request.mode == SetMode.ADD) {
      return Result.of(Outcome.NOT_STORED, item);
    }
    if (request.hasCas && request.casWanted != item.cas()) {
      boolean older = Long.compareUnsigned(request.casWanted, item.cas()) < 0;
      if (joins || !request.invalidate || !older) {
        return Result.of(Outcome.EXISTS, item);
      }
      made = made.withExpiry(item.expirySeconds()).withTokens(true, item.tokenSent());
    }
    if (joins) {
      byte[] first = request.mode == SetMode.APPEND ? item.value() : value;
      byte[] second = request.mode == SetMode.APPEND ? value : item.value();
      byte[] whole = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, whole, first.length, second.length);
      made =
          item.withValue(whole)
              .withTokens(false, false)
              .withCas(request.casNew == 0 ? ANY_CAS : request.casNew);
    }
    return limited(made, item, room, request.mode == SetMode.SET && !request.hasCas);
  }

  /** An item is too large if its value and fields do not fit into the room beside the key. */
  private static Result limited(ModelItem made, ModelItem old, int room, boolean replacesAnyhow) {
    boolean ownCas = made.cas() != ANY_CAS && made.cas() >>> 48 != 0;
    int fields =
        8
            + (made.expirySeconds() != 0 ? 4 : 0)
            + (made.clientFlags() != 0 ? 4 : 0)
            + (ownCas ? 8 : 0);
    return fields + made.value().length > room
        ? Result.of(Outcome.TOO_LARGE, replacesAnyhow ? null : old)
        : Result.of(Outcome.STORED, made);
  }

  static Result delta(ModelItem item, DeltaRequest request) {
    long cas = request.casNew == 0 ? ANY_CAS : request.casNew;
    if (item == null) {
      if (!request.vivifies) {
        return Result.of(Outcome.MISS, null);
      }
      byte[] text = Long.toUnsignedString(request.initial).getBytes(StandardCharsets.US_ASCII);
      ModelItem made =
          new ModelItem(
              text, 0, request.vivifyExpirySeconds, cas, false, false, request.binaryKey, false);
      return new Result(Outcome.HIT, made, false, true, request.initial);
    }
    if (item.value().length == 0) {
      return Result.of(Outcome.NOT_A_NUMBER, item);
    }
    if (request.casWanted != 0 && request.casWanted != item.cas()) {
      return Result.of(Outcome.EXISTS, item);
    }
    String text = new String(item.value(), StandardCharsets.ISO_8859_1);
    if (text.length() > 20 || !text.matches("\\s*[0-9]+(\\s.*)?")) {
      return Result.of(Outcome.NOT_A_NUMBER, item);
    }
    BigInteger number = new BigInteger(text.strip().split("\\s", 2)[0]);
    if (number.compareTo(LIMIT) >= 0) {
      return Result.of(Outcome.NOT_A_NUMBER, item);
    }
    BigInteger amount = new BigInteger(Long.toUnsignedString(request.amount));
    BigInteger result =
        request.up ? number.add(amount).mod(LIMIT) : number.subtract(amount).max(BigInteger.ZERO);
    String padded = result.toString();
    padded = padded + " ".repeat(Math.max(0, text.length() - padded.length()));
    ModelItem after =
        item.withValue(padded.getBytes(StandardCharsets.US_ASCII))
            .withCas(cas)
            .withTokens(item.stale(), item.tokenSent());
    if (request.newExpirySeconds != DeltaRequest.NONE) {
      after = after.withExpiry(request.newExpirySeconds);
    }
    return new Result(Outcome.HIT, after, false, false, result.longValue());
  }

  static Result delete(ModelItem item, DeleteRequest request) {
    if (item == null) {
      return Result.of(Outcome.MISS, null);
    }
    if (request.casWanted != 0 && request.casWanted != item.cas()) {
      return Result.of(Outcome.EXISTS, item);
    }
    if (!request.invalidate && !request.dropValue) {
      return Result.of(Outcome.HIT, null);
    }
    ModelItem after = item.withCas(request.casNew == 0 ? ANY_CAS : request.casNew);
    if (request.invalidate) {
      after = after.withTokens(true, false);
      if (request.newExpirySeconds != DeleteRequest.NONE) {
        after = after.withExpiry(request.newExpirySeconds);
      }
    }
    if (request.dropValue) {
      after =
          new ModelItem(
              new byte[0],
              0,
              after.expirySeconds(),
              after.cas(),
              after.stale(),
              after.tokenSent(),
              after.binaryKey(),
              false);
    }
    return Result.of(Outcome.HIT, after);
  }
}
