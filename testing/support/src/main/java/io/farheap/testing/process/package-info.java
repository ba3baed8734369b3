/** Programs in processes of their own, which tests and benchmarks start and talk to. */
package io.farheap.testing.process;
