package io.farheap.apps.cli;

import io.farheap.apps.doctor.Checks;
import io.farheap.apps.doctor.Diagnosis;
import io.farheap.apps.doctor.DiagnosisText;
import io.farheap.apps.doctor.TransportKind;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says which transports work on this machine. */
@Command(
    name = "doctor",
    description = {
      "Say which transports work on this machine and why not, each with the command that mends it.",
      "Exit code 0 if those that are needed work, 1 if not."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  farheap doctor",
      "  farheap doctor --need rdma && echo ready for rdma",
      "  farheap doctor --json | jq .works"
    })
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--need",
      split = ",",
      paramLabel = "TRANSPORT",
      description =
          "Transports that the exit code is about: ${COMPLETION-CANDIDATES}. Default:"
              + " EMBEDDED,TCP.")
  private Set<TransportKind> needed = EnumSet.of(TransportKind.EMBEDDED, TransportKind.TCP);

  @Option(names = "--json", description = "One JSON object instead of lines.")
  private boolean json;

  @Override
  public Integer call() {
    Diagnosis diagnosis = Diagnosis.of(Checks.ofThisMachine());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(DiagnosisText.json(diagnosis));
    } else {
      out.print(DiagnosisText.lines(diagnosis));
    }
    out.flush();
    return needed.stream().allMatch(diagnosis::works)
        ? spec.exitCodeOnSuccess()
        : spec.exitCodeOnExecutionException();
  }
}
