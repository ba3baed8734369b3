/** Memory outside the Java heap that applications read and write themselves. */
package io.farheap.apps.memory;
