/**
 * The frames that clients and memory servers exchange: how they are laid out, written and checked.
 * Pure functions over buffers, without input or output. {@code docs/wire-protocol.md} describes the
 * protocol.
 */
package io.farheap.transport.wire;
