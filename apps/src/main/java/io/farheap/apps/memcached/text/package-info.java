/** The text protocol and its meta commands: what each command does and how it is answered. */
package io.farheap.apps.memcached.text;
