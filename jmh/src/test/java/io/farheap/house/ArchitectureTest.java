package io.farheap.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.farheap.apps.cli.FarheapCli;
import io.farheap.house.fixture.RuleBreaker;
import io.farheap.jmh.BenchMain;
import io.farheap.transport.server.ServerMain;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dependency directions of the design, and what no class of the project may do. */
class ArchitectureTest {
  private static final String TRANSPORT = "io.farheap.transport..";
  private static final String NETTY = "io.netty..";
  private static final String DISNI = "com.ibm.disni..";
  private static final String ALLOCATOR = "io.farheap.allocator..";
  private static final String EVACUATOR = "io.farheap.evacuator..";
  private static final String JMH = "io.farheap.jmh..";
  private static final String APPS = "io.farheap.apps..";
  private static final String[] RUNTIME = {
    "io.farheap", "io.farheap.layout..", "io.farheap.stats..", "io.farheap.internal.."
  };

  /** What every module may use. */
  private static final String[] COMMON = {"java..", "javax..", "org.slf4j..", "org.jctools.."};

  private static JavaClasses mainClasses;

  @BeforeAll
  static void readMainClasses() {
    mainClasses =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/jmh_generated/")) // JMH's, not ours
            .importPackages("io.farheap");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.farheap",
        "io.farheap.transport",
        "io.farheap.allocator",
        "io.farheap.evacuator",
        "io.farheap.jmh",
        "io.farheap.apps.cli"
      })
  void everyPackageThatTheRulesNameHasClasses(String packageName) {
    assertTrue(
        mainClasses.stream().anyMatch(c -> c.getPackageName().equals(packageName)),
        () -> "no class of " + packageName + " was read, so the rules would hold of nothing");
  }

  @Test
  void transportKnowsNothingOfOurs() {
    onlyUse(TRANSPORT, NETTY, DISNI).check(mainClasses);
  }

  @Test
  void onlyTheRdmaTransportUsesDisni() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.farheap.transport.rdma..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(DISNI)
        .check(mainClasses);
  }

  @Test
  void allocatorKnowsNothingOfOurs() {
    onlyUse(ALLOCATOR).check(mainClasses);
  }

  @Test
  void evacuatorKnowsOnlyTheAllocator() {
    onlyUse(EVACUATOR, ALLOCATOR).check(mainClasses);
  }

  @Test
  void allocatorAndEvacuatorKnowNothingOfNetworks() {
    networkFree().check(mainClasses);
  }

  @Test
  void runtimeKnowsNeitherAppsNorBenchmarks() {
    noClasses()
        .that()
        .resideInAnyPackage(RUNTIME)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(APPS, JMH, "org.openjdk.jmh..", "picocli..")
        .check(mainClasses);
  }

  @Test
  void appsDoNotKnowBenchmarks() {
    noClasses()
        .that()
        .resideInAPackage(APPS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(JMH, "org.openjdk.jmh..")
        .check(mainClasses);
  }

  @ParameterizedTest
  @ValueSource(strings = {"io.farheap.apps.(**)", "io.farheap.jmh.(**)"})
  void noPackagesUseEachOther(String packages) {
    slices().matching(packages).should().beFreeOfCycles().check(mainClasses);
  }

  @Test
  void appsUseOnlyWhatUsersCanUse() {
    appsStayOutside().check(mainClasses);
  }

  @Test
  void nobodyUsesUnsafe() {
    noneOf("sun..", "jdk.internal..").check(mainClasses);
  }

  @Test
  void nobodySleeps() {
    noSleep().check(mainClasses);
  }

  @Test
  void onlyCommandLinesEndTheProcess() {
    noExit().check(mainClasses);
  }

  /** A rule that cannot fail holds nothing: each is shown a class that breaks it. */
  @Test
  void eachKindOfRuleCanFail() {
    JavaClasses breaker = new ClassFileImporter().importClasses(RuleBreaker.class);
    String here = "io.farheap.house.fixture..";
    List<ArchRule> rules =
        List.of(onlyUse(here), noSleep(), noExit(), noneOf("java.net.."), networkFree(here));
    for (ArchRule rule : rules) {
      assertTrue(rule.evaluate(breaker).hasViolation(), rule.getDescription());
    }
    assertFalse(onlyUse(here, APPS).evaluate(breaker).hasViolation());
  }

  private static ArchRule onlyUse(String module, String... others) {
    DescribedPredicate<JavaClass> allowed =
        resideInAPackage(module)
            .or(resideInAnyPackage(others))
            .or(resideInAnyPackage(COMMON))
            .or(
                DescribedPredicate.describe(
                    "primitives and their arrays", ArchitectureTest::isPrimitive));
    return classes()
        .that()
        .resideInAPackage(module)
        .should()
        .onlyDependOnClassesThat(allowed)
        .because("dependencies run one way");
  }

  private static boolean isPrimitive(JavaClass type) {
    return type.getBaseComponentType().isPrimitive();
  }

  private static ArchRule networkFree(String... more) {
    String[] modules = more.length == 0 ? new String[] {ALLOCATOR, EVACUATOR} : more;
    return noClasses()
        .that()
        .resideInAnyPackage(modules)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net..", "java.nio.channels..", NETTY, TRANSPORT);
  }

  private static ArchRule appsStayOutside() {
    return noClasses()
        .that()
        .resideInAPackage(APPS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.farheap.internal..", ALLOCATOR, EVACUATOR);
  }

  private static ArchRule noneOf(String... packages) {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .because("native memory is reached through java.lang.foreign only");
  }

  private static ArchRule noSleep() {
    return noClasses()
        .should()
        .accessTargetWhere(calls(Thread.class, "sleep").or(calls(TimeUnit.class, "sleep")))
        .because("waiting polls a due time or parks for a reason");
  }

  private static ArchRule noExit() {
    return noClasses()
        .that()
        .doNotBelongToAnyOf(FarheapCli.class, BenchMain.class, ServerMain.class)
        .should()
        .accessTargetWhere(
            calls(System.class, "exit")
                .or(calls(Runtime.class, "exit"))
                .or(calls(Runtime.class, "halt")))
        .because("a library never ends the process");
  }

  private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String method) {
    return DescribedPredicate.describe(
        owner.getSimpleName() + "." + method,
        access -> access.getTargetOwner().isEquivalentTo(owner) && access.getName().equals(method));
  }
}
