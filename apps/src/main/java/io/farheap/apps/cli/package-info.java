/**
 * The command line: one class for each command, which reads its options and starts what it names.
 */
package io.farheap.apps.cli;
