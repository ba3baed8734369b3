/** What every benchmark is made of: its name, rounds of samples, figures, and the report. */
package io.farheap.jmh.measure;
