package io.farheap.rdma.verbs;

import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import java.util.LinkedList;
import java.util.List;

/** Makes DiSNI's work requests, whose lists of entries are linked ones. */
@SuppressWarnings("JdkObsolete")
final class Requests {
  private Requests() {}

  static IbvSendWR send(long id, int opcode, int flags, IbvSge... entries) {
    IbvSendWR request = new IbvSendWR();
    request.setWr_id(id);
    request.setOpcode(opcode);
    request.setSend_flags(flags);
    request.setSg_list(new LinkedList<>(List.of(entries)));
    return request;
  }

  static IbvRecvWR receive(long id, IbvSge... entries) {
    IbvRecvWR request = new IbvRecvWR();
    request.setWr_id(id);
    request.setSg_list(new LinkedList<>(List.of(entries)));
    return request;
  }

  static IbvSge entry(long rawAddress, int lengthBytes, int lkey) {
    IbvSge entry = new IbvSge();
    entry.setAddr(rawAddress);
    entry.setLength(lengthBytes);
    entry.setLkey(lkey);
    return entry;
  }
}
