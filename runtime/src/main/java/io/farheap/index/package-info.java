/** A concurrent hash index in native memory, for structures whose entries are far objects. */
package io.farheap.index;
