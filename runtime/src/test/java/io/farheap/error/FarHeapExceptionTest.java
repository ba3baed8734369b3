package io.farheap.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class FarHeapExceptionTest {
  @Test
  void allAreOneFamily() {
    List<RuntimeException> all =
        List.of(
            new StaleHandleException("m"),
            new SpentPointerException("m"),
            new HeapClosedException("m"),
            new ObjectTooLargeException("m"),
            new OutOfLocalMemoryException("m"),
            new OutOfFarMemoryException("m"),
            new FarAccessException("m", true),
            new ScopeException("m"),
            new OwnerCountException("m"),
            new BoundsException("m"),
            new ConfigurationException("k", "v", "a", "o"));
    for (RuntimeException e : all) {
      assertInstanceOf(FarHeapException.class, e);
      assertTrue(e.getMessage().contains("m") || e instanceof ConfigurationException);
    }
  }

  @Test
  void theCauseIsKept() {
    IOException cause = new IOException("gone");
    assertEquals(cause, new FarAccessException("m", false, cause).getCause());
    assertEquals(cause, new HeapClosedException("m", cause).getCause());
    assertEquals(cause, new ConfigurationException("k", "v", "a", "o", cause).getCause());
  }

  @Test
  void holdersOfMemoryAreNamed() {
    OutOfLocalMemoryException e =
        new OutOfLocalMemoryException(
            "no frame within 10s", List.of("scope of main, open 12s", "pin of 3 pages"));
    assertEquals(List.of("scope of main, open 12s", "pin of 3 pages"), e.holders());
    assertTrue(e.getMessage().startsWith("no frame within 10s"), e.getMessage());
    assertTrue(e.getMessage().contains("held by scope of main, open 12s"), e.getMessage());
    assertTrue(e.getMessage().contains("held by pin of 3 pages"), e.getMessage());
    assertEquals(List.of(), new OutOfLocalMemoryException("m").holders());
    assertEquals("m", new OutOfLocalMemoryException("m", List.of()).getMessage());
  }

  @Test
  void retryingIsSaid() {
    assertTrue(new FarAccessException("m", true).isRetryable());
    assertFalse(new FarAccessException("m", false).isRetryable());
  }

  @Test
  void aWrongSettingIsNamedInFull() {
    ConfigurationException e = new ConfigurationException("stripes", "3", "a power of two", "f:12");
    assertEquals("f:12: stripes = \"3\" is not allowed; use a power of two", e.getMessage());
  }

  @Test
  void fieldsOutliveSerialization() throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new OutOfLocalMemoryException("m", List.of("a pin")));
      out.writeObject(new FarAccessException("m", true));
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertEquals(List.of("a pin"), ((OutOfLocalMemoryException) in.readObject()).holders());
      assertTrue(((FarAccessException) in.readObject()).isRetryable());
    }
  }
}
