/** Numbers that look random and follow from a seed: what loads, data and keys are made from. */
package io.farheap.apps.random;
