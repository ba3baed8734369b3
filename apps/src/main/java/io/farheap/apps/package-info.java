/** The command line: one class for each command of the launcher. */
package io.farheap.apps;
