/**
 * What a request is carried out with, whichever protocol it came by: the workspace of a thread, the
 * session of a client, and what all clients of a server share.
 */
package io.farheap.apps.memcached.work;
