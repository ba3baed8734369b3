package io.farheap.transport.pool;

import io.farheap.transport.slab.Slab;
import java.util.concurrent.atomic.AtomicBoolean;

/** A slab of a pool, and which it is on its member. */
final class PoolSlab extends Slab {
  private final Member member;
  private final long memberId;
  private final AtomicBoolean counted = new AtomicBoolean(true);

  PoolSlab(long id, Member member, long memberId) {
    super(id);
    this.member = member;
    this.memberId = memberId;
    member.addSlabs(1);
  }

  Member member() {
    return member;
  }

  /** The id by which the member knows it. */
  long memberId() {
    return memberId;
  }

  /** It is lost or released, and the member has one less; may be said more than once. */
  void uncount() {
    if (counted.compareAndSet(true, false)) {
      member.addSlabs(-1);
    }
  }
}
