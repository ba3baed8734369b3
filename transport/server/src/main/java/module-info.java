/** The memory server, which lends this machine's memory to clients. */
module io.farheap.server {
  requires io.farheap.base;
  requires io.farheap.rdma;
  requires transitive io.farheap.transport;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires java.naming;
  requires org.slf4j;

  exports io.farheap.server;
}
