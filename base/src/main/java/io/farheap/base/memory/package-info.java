/**
 * Native memory: ranges that the system commits when they are touched, mapped files, and loads and
 * stores at raw addresses.
 */
package io.farheap.base.memory;
