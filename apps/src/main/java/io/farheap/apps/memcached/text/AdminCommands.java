package io.farheap.apps.memcached.text;

import io.farheap.apps.memcached.protocol.DecimalText;
import io.farheap.apps.memcached.protocol.Expiry;
import io.farheap.apps.memcached.protocol.ReplyLine;
import io.farheap.apps.memcached.protocol.TextRequest;
import io.farheap.apps.memcached.protocol.TextTokens;
import io.farheap.apps.memcached.work.Reply;
import io.farheap.apps.memcached.work.Stats;
import io.farheap.apps.memcached.work.Workspace;
import java.util.Map;

/**
 * The commands of the text protocol that are about the server rather than about an item. Those that
 * tune what this server does not have are checked as memcached checks them, and change nothing.
 */
final class AdminCommands {
  private static final long MIN_LIMIT_MEGABYTES = 8;
  private static final long MAX_LIMIT_MEGABYTES = 1_000_000_000;
  private static final long MAX_SHARE = 80;
  private static final long MAX_SLEEP_MICROS = 1_000_000;

  private final Workspace work;
  private final Reply reply;
  private final DecimalText number = new DecimalText();

  AdminCommands(Workspace work) {
    this.work = work;
    this.reply = work.reply;
  }

  void execute(TextRequest request) {
    TextTokens words = request.tokens();
    switch (request.verb()) {
      case VERSION -> line("VERSION " + Stats.VERSION);
      case STATS -> stats(words);
      case FLUSH_ALL -> answer(request.isNoReply(), flush(request));
      case VERBOSITY -> answer(words.endsWithNoReply(), verbosity(words));
      case CACHE_MEMLIMIT -> answer(words.endsWithNoReply(), memoryLimit(words));
      case LRU -> answer(words.endsWithNoReply(), lru(words));
      case SLABS -> answer(words.endsWithNoReply(), slabs(words));
      case LRU_CRAWLER -> reply.line(crawler(words));
      case WATCH -> answer(words.endsWithNoReply(), ReplyLine.NO_WATCH);
      case SHUTDOWN -> reply.line(ReplyLine.NO_SHUTDOWN);
      default -> reply.line(ReplyLine.ERROR);
    }
  }

  private void answer(boolean noReply, ReplyLine line) {
    if (!noReply || line == ReplyLine.ERROR) {
      reply.line(line);
    }
  }

  private void line(String text) {
    reply.reserve(text.length() + TextRequest.LINE_END_BYTES);
    reply.putAscii(text);
    reply.putLineEnd();
  }

  private ReplyLine flush(TextRequest request) {
    if (!work.server.mayFlush()) {
      return ReplyLine.NO_FLUSH;
    }
    long now = work.server.nowSeconds();
    int delay = request.exptime();
    work.store.flushAll(delay > 0 ? Expiry.at(delay, now) : now);
    return ReplyLine.OK;
  }

  private ReplyLine verbosity(TextTokens words) {
    if (words.count() != 2 && words.count() != 3) {
      return ReplyLine.ERROR;
    }
    if (!words.readUnsigned(1, 0, number)) {
      return ReplyLine.BAD_FORMAT;
    }
    work.server.stats().setVerbosity(Math.clamp(number.value(), 0, 2));
    return ReplyLine.OK;
  }

  private ReplyLine memoryLimit(TextTokens words) {
    if (words.count() != 2 && words.count() != 3) {
      return ReplyLine.ERROR;
    }
    if (!words.readUnsigned(1, 0, number)) {
      return ReplyLine.ERROR;
    }
    long megabytes = number.value() & 0xFFFF_FFFFL;
    if (megabytes < MIN_LIMIT_MEGABYTES) {
      return ReplyLine.MEMLIMIT_TOO_SMALL;
    }
    return megabytes > MAX_LIMIT_MEGABYTES
        ? ReplyLine.MEMLIMIT_NOT_BYTES
        : ReplyLine.MEMLIMIT_FIXED;
  }

  private ReplyLine lru(TextTokens words) {
    if (words.is(1, "tune") && words.count() >= 6) {
      return lruTune(words);
    }
    if (words.is(1, "mode") && words.count() >= 3) {
      return words.is(2, "flat") || words.is(2, "segmented") ? ReplyLine.OK : ReplyLine.ERROR;
    }
    if (words.is(1, "temp_ttl") && words.count() >= 3) {
      return words.readSigned(2, 0, number) ? ReplyLine.OK : ReplyLine.ERROR;
    }
    return ReplyLine.ERROR;
  }

  private ReplyLine lruTune(TextTokens words) {
    if (!words.readUnsigned(2, 0, number)) {
      return ReplyLine.ERROR;
    }
    long hot = number.value();
    if (!words.readUnsigned(3, 0, number)) {
      return ReplyLine.ERROR;
    }
    long warm = number.value();
    double hotFactor = factor(words, 4);
    double warmFactor = factor(words, 5);
    if (Double.isNaN(hotFactor) || Double.isNaN(warmFactor)) {
      return ReplyLine.ERROR;
    }
    if (hot > MAX_SHARE || warm > MAX_SHARE || hot + warm > MAX_SHARE) {
      return ReplyLine.LRU_SHARES;
    }
    return hotFactor <= 0 || warmFactor <= 0 ? ReplyLine.LRU_FACTORS : ReplyLine.OK;
  }

  private static double factor(TextTokens words, int index) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words.length(index); i++) {
      text.append((char) (words.at(index, i) & 0xFF));
    }
    try {
      return Double.parseDouble(text.toString());
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private ReplyLine slabs(TextTokens words) {
    if (words.count() == 4 && words.is(1, "reassign")) {
      return ReplyLine.NO_REASSIGN;
    }
    if (words.count() < 3 || !words.is(1, "automove")) {
      return ReplyLine.ERROR;
    }
    if (words.is(2, "ratio")) {
      return words.count() >= 4 && !Double.isNaN(factor(words, 3)) ? ReplyLine.OK : ReplyLine.ERROR;
    }
    if (!words.readUnsigned(2, 0, number)) {
      return ReplyLine.BAD_FORMAT;
    }
    return number.value() >= 0 && number.value() <= 2 ? ReplyLine.OK : ReplyLine.ERROR;
  }

  private ReplyLine crawler(TextTokens words) {
    if (words.count() == 2) {
      return words.is(1, "enable") || words.is(1, "disable") ? ReplyLine.OK : ReplyLine.ERROR;
    }
    if (words.count() != 3) {
      return ReplyLine.ERROR;
    }
    if (words.is(1, "crawl")) {
      return ReplyLine.OK;
    }
    if (words.is(1, "metadump") || words.is(1, "mgdump")) {
      return ReplyLine.NO_METADUMP;
    }
    if (words.is(1, "tocrawl")) {
      return words.readUnsigned(2, 0, number) ? ReplyLine.OK : ReplyLine.BAD_FORMAT;
    }
    if (words.is(1, "sleep")) {
      if (!words.readUnsigned(2, 0, number)) {
        return ReplyLine.BAD_FORMAT;
      }
      long micros = number.value() & 0xFFFF_FFFFL;
      return micros > MAX_SLEEP_MICROS ? ReplyLine.CRAWLER_SLEEP : ReplyLine.OK;
    }
    return ReplyLine.ERROR;
  }

  private void stats(TextTokens words) {
    if (words.count() == 1) {
      show(work.server.stats().general());
    } else if (words.is(1, "reset")) {
      work.server.stats().reset();
      reply.line(ReplyLine.RESET);
    } else if (words.is(1, "detail")) {
      detail(words);
    } else if (words.is(1, "cachedump")) {
      reply.line(ReplyLine.NO_CACHEDUMP);
    } else {
      Map<String, String> group = work.server.stats().group(word(words, 1));
      if (group == null) {
        reply.line(ReplyLine.ERROR);
      } else {
        show(group);
      }
    }
  }

  private static String word(TextTokens words, int index) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words.length(index); i++) {
      text.append((char) (words.at(index, i) & 0xFF));
    }
    return text.toString();
  }

  private void detail(TextTokens words) {
    if (words.is(2, "on") || words.is(2, "off")) {
      reply.line(ReplyLine.OK);
    } else {
      // Nothing is counted by prefix, so that there is nothing to show.
      reply.line(words.is(2, "dump") ? ReplyLine.END : ReplyLine.DETAIL_USAGE);
    }
  }

  private void show(Map<String, String> figures) {
    figures.forEach((name, value) -> line("STAT " + name + " " + value));
    reply.line(ReplyLine.END);
  }
}
