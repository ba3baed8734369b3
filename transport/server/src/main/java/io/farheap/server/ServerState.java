package io.farheap.server;

import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What all connections of a server share.
 *
 * @param config how the server is set up
 * @param serverId random, new at each start
 * @param slabs its slabs
 * @param leases its leases
 * @param tenants who may come in
 * @param functions what can be called
 * @param counters what it counts
 * @param statistics fills the reply to STATISTICS
 * @param features the features that it knows, as bits
 * @param clock nanoseconds from an arbitrary origin
 * @param random for nonces
 * @param workers carries out what would hold up an event loop
 * @param rdma lets queue pairs in, if there is a device
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record ServerState(
    ServerConfig config,
    byte[] serverId,
    SlabStore slabs,
    LeaseTable leases,
    Tenants tenants,
    Map<String, UnaryOperator<byte[]>> functions,
    ServerCounters counters,
    Supplier<byte[]> statistics,
    long features,
    LongSupplier clock,
    SecureRandom random,
    Executor workers,
    Optional<RdmaDoor> rdma) {}
