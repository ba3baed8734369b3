/** Certificates, keys and tokens, from the files in which their owners keep them. */
package io.farheap.transport.security;
