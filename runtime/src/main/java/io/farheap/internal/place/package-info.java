/** Room for what comes in or is new: frames of local memory, and places in the log. */
package io.farheap.internal.place;
