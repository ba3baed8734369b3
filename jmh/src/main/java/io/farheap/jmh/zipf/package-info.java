/** What far memory costs where few objects are popular. */
package io.farheap.jmh.zipf;
