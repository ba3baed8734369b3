/** Examines a machine: which transports work here, and what mends those that do not. */
package io.farheap.apps.doctor;
