package io.farheap.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LogBufferTest {
  private final HeapMemory memory =
      new HeapMemory(new HeapGeometry(8192, 16, 64L << 20, 64L << 20, 1, false), slab -> true);
  private final LogBuffer log = memory.log(Heat.PLAIN, 0);

  LogBufferTest() {
    memory.segments().grow(0);
  }

  private long reserve(int bodyBytes) {
    while (true) {
      long farAddress = log.reserve(1, bodyBytes);
      if (farAddress != LogBuffer.NO_ROOM) {
        memory.finish(farAddress);
        return farAddress;
      }
      assertTrue(log.addPage(memory.frames().tryTake(false)));
    }
  }

  private SegmentTable.State stateOf(long farAddress) {
    return memory.segments().state(SegmentTable.segmentOf(FarAddress.page(farAddress)));
  }

  @Test
  void sealingClosesEverySegmentThoughAPageOfTheOneBeforeIsOpen() {
    long first = reserve(2000);
    long last = first;
    while (SegmentTable.segmentOf(FarAddress.page(last))
        == SegmentTable.segmentOf(FarAddress.page(first))) {
      last = reserve(4080);
    }
    assertEquals(SegmentTable.State.OPEN, stateOf(first));
    assertEquals(SegmentTable.State.OPEN, stateOf(last));
    log.seal();
    assertEquals(SegmentTable.State.CLOSED, stateOf(first));
    assertEquals(SegmentTable.State.CLOSED, stateOf(last));
  }

  @Test
  void objectsNeitherOverlapNorCrossAPage() {
    SplittableRandom random = new SplittableRandom(42);
    List<long[]> taken = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      int bodyBytes = random.nextInt(ObjectHeader.MAX_SMALL_BODY + 1);
      long from = reserve(bodyBytes);
      long to = from + ObjectHeader.footprint(bodyBytes);
      assertEquals(0, from % ObjectHeader.ALIGNMENT);
      assertEquals(FarAddress.page(from), FarAddress.page(to - 1));
      taken.add(new long[] {from, to});
      if (memory.frames().free() < 64) {
        break;
      }
    }
    taken.sort((a, b) -> Long.compare(a[0], b[0]));
    for (int i = 1; i < taken.size(); i++) {
      assertTrue(taken.get(i - 1)[1] <= taken.get(i)[0], "objects " + (i - 1) + " and " + i);
    }
    assertNotEquals(0, taken.getFirst()[0], "far address 0 means none");
  }

  @Test
  void aSealedBufferHoldsNoPin() {
    for (int i = 0; i < 1000; i++) {
      reserve(100 + i);
    }
    log.seal();
    for (int frame = 0; frame < memory.frames().frames(); frame++) {
      assertEquals(0, memory.frameTable().pins(frame), "frame " + frame);
    }
  }
}
