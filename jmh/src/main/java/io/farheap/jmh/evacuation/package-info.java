/** What the evacuator costs, and the space that it saves. */
package io.farheap.jmh.evacuation;
