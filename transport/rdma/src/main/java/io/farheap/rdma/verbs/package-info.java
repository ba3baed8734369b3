/**
 * DiSNI's verbs on libibverbs and librdmacm through the foreign-function API, and the few calls
 * beside them that DiSNI does not have.
 */
package io.farheap.rdma.verbs;
