/** Reads memcached's text, meta and binary requests where they lie, and names its replies. */
package io.farheap.apps.memcached.protocol;
