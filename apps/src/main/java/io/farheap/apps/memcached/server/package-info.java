/** Serves memcached's protocols to clients over TCP. */
package io.farheap.apps.memcached.server;
