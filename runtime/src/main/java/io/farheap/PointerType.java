package io.farheap;

import io.farheap.internal.HeapCore;
import io.farheap.internal.scope.LeakWatch;
import io.farheap.internal.scope.PinRegistry;
import io.farheap.layout.Codec;

/** What all pointers to one type of object in one heap have in common. */
record PointerType<T>(HeapCore core, Codec<T> codec, LeakWatch leakWatch, PinRegistry pins) {}
