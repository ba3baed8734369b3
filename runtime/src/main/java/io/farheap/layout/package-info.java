/** How records of primitives and fixed arrays lie in far memory, and access to their fields. */
package io.farheap.layout;
