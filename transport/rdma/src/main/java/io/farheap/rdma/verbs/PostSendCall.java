package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.SVCPostSend;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Posts a list of send requests, again and again. The requests lie one behind the other, then their
 * scatter entries, then the word for the first one that was refused.
 */
final class PostSendCall extends SVCPostSend {
  private final FfmQp pair;
  private final List<IbvSendWR> given;
  private final List<IbvSendWR> refused;
  private final SendRequest[] requests;
  private final MemorySegment memory;
  private final long firstBadOffset;
  private boolean valid = true;

  PostSendCall(FfmQp pair, List<IbvSendWR> given, List<IbvSendWR> refused) throws VerbsException {
    if (given.isEmpty()) {
      throw new VerbsException("a post needs at least one work request");
    }
    this.pair = pair;
    this.given = List.copyOf(given);
    this.refused = refused;
    this.requests = new SendRequest[given.size()];
    long entriesOffset = (long) requests.length * RequestLayouts.Send.BYTES;
    long entries = 0;
    for (IbvSendWR request : given) {
      entries += request.getSg_list().size();
    }
    this.firstBadOffset = entriesOffset + entries * RequestLayouts.ScatterEntry.BYTES;
    this.memory = Arena.ofAuto().allocate(firstBadOffset + Long.BYTES, Long.BYTES);
    for (int i = 0; i < requests.length; i++) {
      IbvSendWR request = this.given.get(i);
      long offset = (long) i * RequestLayouts.Send.BYTES;
      boolean last = i == requests.length - 1;
      long next = last ? 0 : memory.address() + offset + RequestLayouts.Send.BYTES;
      requests[i] = new SendRequest(memory, offset, entriesOffset, next, request);
      entriesOffset += (long) request.getSg_list().size() * RequestLayouts.ScatterEntry.BYTES;
    }
  }

  @Override
  public SVCPostSend execute() throws IOException {
    Handles.requireOpen("call", valid);
    long first = memory.address();
    int result = pair.postSend(memory, firstBadOffset);
    if (result != 0) {
      long bad = memory.get(ValueLayout.JAVA_LONG, firstBadOffset);
      int posted = PostResult.accepted(first, bad, RequestLayouts.Send.BYTES, requests.length);
      if (refused != null) {
        refused.addAll(given.subList(posted, given.size()));
      }
      throw VerbsException.refusedPost("ibv_post_send", Math.abs(result), posted, requests.length);
    }
    return this;
  }

  @Override
  public SVCPostSend.SendWRMod getWrMod(int index) {
    return requests[index];
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public SVCPostSend free() {
    valid = false;
    return this;
  }
}
