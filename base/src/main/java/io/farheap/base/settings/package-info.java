/** Settings as people write them: in files, in the environment, in programs and in locators. */
package io.farheap.base.settings;
