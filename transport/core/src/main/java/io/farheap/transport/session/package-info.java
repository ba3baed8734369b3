/**
 * A client's session with one memory server: connections, presence, lease, slabs and control, and
 * what all ways to the bytes have in common. Every provider that has a server stands on it, and
 * none on another. Not exported.
 *
 * <p>From below: {@code Piece} is what is asked, with the way that it takes, and {@code Presence}
 * whether anything leads to the server; {@code Lane} sends requests in frames over {@code Link}s
 * that {@code Connector} makes and {@code Keeper} looks after; {@code ServerSession} is the lanes
 * and the lease, {@code ServerControl} the slabs and everything else that is asked; {@code
 * DataPlane} takes transfers to pieces.
 */
package io.farheap.transport.session;
