package io.farheap.rdma.verbs;

/** The error numbers of Linux that verbs give, and what to do about each. */
final class ErrorNumbers {
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;

  private ErrorNumbers() {}

  static String describe(int errorNumber) {
    return switch (errorNumber) {
      case 1 -> "not permitted (error 1); the process may need the right to lock memory";
      case 2 -> "no such device or file (error 2); load the kernel module rdma_ucm";
      case 9 -> "closed already (error 9)";
      case EAGAIN -> "not now (error 11); the memlock limit may be too low";
      case ENOMEM ->
          "no memory (error 12); raise the memlock limit (ulimit -l), or the send queue is full";
      case 13 -> "no access (error 13); give the user rights on /dev/infiniband";
      case 14 -> "a bad address (error 14); the memory must be mapped, and writable for the device";
      case 16 -> "in use (error 16)";
      case 19 -> "no such device (error 19); load the kernel modules ib_uverbs and rdma_ucm";
      case 22 -> "an invalid value (error 22); see the device's limits";
      case 38 -> "not there (error 38); load the kernel module ib_uverbs";
      case 95 -> "not supported by this device (error 95)";
      case 98 -> "address in use (error 98); choose another port";
      case 99 -> "no such address here (error 99); bind to an address of an RDMA device";
      case 101 -> "network unreachable (error 101)";
      case 110 -> "timed out (error 110)";
      case 111 -> "refused (error 111)";
      case 113 -> "no route to the host (error 113)";
      default -> "error " + errorNumber;
    };
  }
}
