/** What a heap did and holds: immutable snapshots and Flight Recorder events. */
package io.farheap.stats;
