/** Far memory that misbehaves on purpose, from a seed, around any other far memory. */
package io.farheap.testing.faulty;
