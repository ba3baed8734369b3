/**
 * A load generator for servers that speak memcached's text protocol: who asks what when, and
 * whether the answers are right.
 */
package io.farheap.apps.load;
