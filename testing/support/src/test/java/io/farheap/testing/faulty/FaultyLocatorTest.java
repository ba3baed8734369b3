package io.farheap.testing.faulty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.farheap.transport.FarMemory;
import io.farheap.transport.Locator;
import io.farheap.transport.LocatorException;
import io.farheap.transport.TransportOptions;
import io.farheap.transport.Transports;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultyLocatorTest {
  private static final TransportOptions OPTIONS = TransportOptions.defaults();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "faulty:drop=1.5:embedded:|drop = `1.5` is not allowed; use a number such as 0.125 from 0"
            + " to 1",
        "faulty:drop=0.6&fail=0.6:embedded:|add up to at most 1",
        "faulty:seed=1e3:embedded:|seed = `1e3` is not allowed; use a whole number from",
        "faulty:delayPolls=0:embedded:|delayPolls = `0` is not allowed; use a whole number from 1"
            + " to 1000000",
        "faulty:seeds=1:embedded:|seeds = `1` is not allowed; use the key seed (all keys: ",
        "faulty:|wraps nothing",
        "nosuch:|there are [embedded, faulty, pool, shm, tcp]",
      })
  void wrongSettingsAreNamed(String text, String reason) {
    LocatorException e = assertThrows(LocatorException.class, () -> Transports.open(text, OPTIONS));
    assertTrue(e.getMessage().contains(reason.replace('`', '"')), e.getMessage());
  }

  @Test
  void everySettingIsRead() {
    assertEquals(
        new FaultPlan(-3, 0.1, 0.2, 0.3, 0.4, 0.5, 6, 7_000),
        FaultPlan.of(
            Locator.parse(
                "faulty:seed=-3&delay=0.1&reorder=0.2&fail=0.3&drop=0.4&full=0.5&delayPolls=6"
                    + "&delayTime=7us:embedded:")));
  }

  @Test
  void opensByLocator() {
    try (FarMemory memory =
        Transports.open("faulty:seed=1:embedded:?slab=64KiB&capacity=1MiB", OPTIONS)) {
      assertEquals(64 << 10, memory.slabBytes());
      assertEquals(16, memory.statistics().slabCapacity());
    }
  }

  /** Whatever the text, the only exception is the typed one. */
  @Test
  void noTextDoesAnythingElse() {
    List<String> pieces =
        List.of(
            "seed=",
            "drop=",
            "delay=",
            "fail=",
            "full=",
            "delayPolls=",
            "delayTime=",
            "0.5",
            "1",
            "5us",
            "-",
            "&",
            "=",
            ":",
            "?",
            "+",
            "e9",
            "NaN",
            "\u0000",
            "\ud800",
            " ",
            "99999999999999999999");
    int read = 0;
    for (long seed = 0; seed < 20_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      StringBuilder text = new StringBuilder("faulty:");
      for (int i = random.nextInt(8); i > 0; i--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      try {
        FaultPlan.of(Locator.parse(text.append(":embedded:").toString()));
        read++;
      } catch (LocatorException e) {
        assertTrue(e.getMessage().length() > 5);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ": '" + text + "'", e);
      }
    }
    assertTrue(read > 1000, "only " + read + " texts were plans");
  }
}
