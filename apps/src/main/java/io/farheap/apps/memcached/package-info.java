/** A memcached whose items live in far memory, as a program. */
package io.farheap.apps.memcached;
