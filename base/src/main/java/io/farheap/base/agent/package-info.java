/** Background work in steps, and the one way to drive it. */
package io.farheap.base.agent;
