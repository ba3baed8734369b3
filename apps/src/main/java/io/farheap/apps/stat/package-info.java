/** Watches memory servers from outside. */
package io.farheap.apps.stat;
