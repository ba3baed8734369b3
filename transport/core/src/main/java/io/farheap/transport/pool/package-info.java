/**
 * Several far memories as one. Stands on the SPI: what the members are reached by it does not know.
 */
package io.farheap.transport.pool;
