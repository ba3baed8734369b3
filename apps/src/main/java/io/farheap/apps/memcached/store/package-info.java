/** The items of a memcached: kept in far memory, found through an index in local memory. */
package io.farheap.apps.memcached.store;
