/** The binary protocol: what each request does and how it is answered. */
package io.farheap.apps.memcached.binary;
