/** The demo: key-value items on a heap larger than its local budget, in each mode, all verified. */
package io.farheap.apps.demo;
