package io.farheap.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import io.farheap.server.ServerMain;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The dependency directions of the design, and what no class of the project may do. */
class ArchitectureTest {
  private static final String BASE = "io.farheap.base..";
  private static final String TRANSPORT = "io.farheap.transport..";
  private static final String RDMA = "io.farheap.rdma..";
  private static final String SERVER = "io.farheap.server..";
  private static final String NETTY = "io.netty..";
  private static final String DISNI = "com.ibm.disni..";
  private static final String ALLOCATOR = "io.farheap.allocator..";
  private static final String EVACUATOR = "io.farheap.evacuator..";
  private static final String JMH = "io.farheap.jmh..";
  private static final String APPS = "io.farheap.apps..";
  private static final String[] RUNTIME = {
    "io.farheap",
    "io.farheap.error..",
    "io.farheap.index..",
    "io.farheap.layout..",
    "io.farheap.options..",
    "io.farheap.stats..",
    "io.farheap.internal.."
  };
  private static final String TESTING = "io.farheap.testing..";

  /** What every module may use. */
  private static final String[] COMMON = {"java..", "javax..", "org.slf4j..", "org.jctools.."};

  /** The classes below the API that own a layout of bits; all others ask these. */
  private static final Set<String> LAYOUTS =
      Set.of(
          "io.farheap.allocator.Epochs",
          "io.farheap.allocator.FarAddress",
          "io.farheap.allocator.FrameBits",
          "io.farheap.allocator.FrameTable",
          "io.farheap.allocator.FreeFrames",
          "io.farheap.allocator.Handle",
          "io.farheap.allocator.ObjectHeader",
          "io.farheap.allocator.OwnerWord",
          "io.farheap.allocator.PageTable",
          "io.farheap.allocator.PageWord",
          "io.farheap.allocator.PlaceWord",
          "io.farheap.allocator.RecordTable",
          "io.farheap.allocator.SegmentTable",
          "io.farheap.allocator.SummaryBits",
          "io.farheap.base.memory.NativeRegion",
          "io.farheap.base.text.ByteSize",
          "io.farheap.internal.Location",
          "io.farheap.internal.far.SlabMap",
          "io.farheap.internal.scope.Scopes",
          "io.farheap.internal.scope.SlotTags");

  private static JavaClasses mainClasses;

  @BeforeAll
  static void readMainClasses() {
    mainClasses =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/jmh_generated/")) // JMH's, not ours
            .importPackages("io.farheap");
  }

  @Test
  void everyPackageThatTheRulesNameHasClasses() {
    for (String name : modules()) {
      assertTrue(
          mainClasses.stream().anyMatch(resideInAPackage(name)),
          () -> "no class of " + name + " was read, so the rules would hold of nothing");
    }
  }

  @Test
  void everyClassIsInAPackageThatTheRulesName() {
    classes().should().resideInAnyPackage(modules()).check(mainClasses);
  }

  private static String[] modules() {
    return Stream.concat(
            Stream.of(BASE, TRANSPORT, RDMA, SERVER, TESTING, ALLOCATOR, EVACUATOR, JMH, APPS),
            Stream.of(RUNTIME))
        .toArray(String[]::new);
  }

  @Test
  void packagesUseEachOtherInNoCircle() {
    assertEquals(Set.of(), new PackageCircles(mainClasses).find());
  }

  @Test
  void whoStartsAProgramByItsNameUsesIt() {
    JavaClasses both = new ClassFileImporter().importClasses(RuleBreaker.class, FarheapCli.class);
    assertTrue(new PackageCircles(both).uses("io.farheap.house.fixture", "io.farheap.apps.cli"));
  }

  @Test
  void onlyLayoutsShiftAndMask() {
    Set<String> found =
        mainClasses.stream()
            .filter(resideInAnyPackage(BASE, ALLOCATOR, EVACUATOR, "io.farheap.internal.."))
            .filter(ClassFiles::shiftsOrMasks)
            .map(type -> type.getName().replaceFirst("\\$.*", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(LAYOUTS), found);
  }

  @Test
  void nothingThatIsShippedUsesTheTestSupport() {
    noClasses()
        .that()
        .resideOutsideOfPackages(TESTING, JMH)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(TESTING)
        .check(mainClasses);
  }

  @Test
  void baseKnowsNothingOfOurs() {
    onlyUse(BASE).check(mainClasses);
  }

  @Test
  void transportKnowsNothingOfOurs() {
    onlyUse(TRANSPORT, BASE).check(mainClasses);
  }

  @Test
  void rdmaStandsOnTransportAndDisni() {
    onlyUse(RDMA, TRANSPORT, BASE, DISNI).check(mainClasses);
  }

  @Test
  void theServerStandsOnTransportRdmaAndNetty() {
    onlyUse(SERVER, RDMA, TRANSPORT, BASE, NETTY).check(mainClasses);
  }

  @Test
  void providersStandOnWhatTheyShareAndNotOnEachOther() {
    List<String> providers = List.of("embedded", "shm", "tcp", "pool");
    for (String provider : providers) {
      String[] others =
          providers.stream()
              .filter(other -> !other.equals(provider))
              .map(other -> "io.farheap.transport." + other + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.farheap.transport." + provider + "..",
              "io.farheap.transport.session..",
              "io.farheap.transport.mapped..",
              "io.farheap.transport.slab..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .check(mainClasses);
    }
  }

  @Test
  void allocatorKnowsNothingOfOurs() {
    onlyUse(ALLOCATOR, BASE).check(mainClasses);
  }

  @Test
  void evacuatorKnowsOnlyTheAllocator() {
    onlyUse(EVACUATOR, ALLOCATOR, BASE).check(mainClasses);
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
        .resideInAnyPackage(APPS, JMH, RDMA, SERVER, "org.openjdk.jmh..", "picocli..")
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

  @Test
  void appsUseOnlyWhatUsersCanUse() {
    appsStayOutside().check(mainClasses);
  }

  @Test
  void nobodyUsesUnsafe() {
    noneOf("sun..", "jdk.internal..").check(mainClasses);
  }

  @Test
  void onlyBaseNeedsNativeAccess() {
    noNativeAccess().check(mainClasses);
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
        List.of(
            onlyUse(here),
            noNativeAccess(),
            noSleep(),
            noExit(),
            noneOf("java.net.."),
            networkFree(here));
    for (ArchRule rule : rules) {
      assertTrue(rule.evaluate(breaker).hasViolation(), rule.getDescription());
    }
    assertFalse(onlyUse(here, APPS).evaluate(breaker).hasViolation());
    JavaClass type = breaker.get(RuleBreaker.class);
    assertTrue(ClassFiles.shiftsOrMasks(type));
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

  private static ArchRule noNativeAccess() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(BASE)
        .should()
        .accessTargetWhere(
            calls(MemorySegment.class, "reinterpret")
                .or(calls(Linker.class, "downcallHandle"))
                .or(calls(Linker.class, "upcallStub"))
                .or(calls(SymbolLookup.class, "libraryLookup"))
                .or(calls(AddressLayout.class, "withTargetLayout"))
                .or(calls(ModuleLayer.Controller.class, "enableNativeAccess"))
                .or(calls(System.class, "load"))
                .or(calls(System.class, "loadLibrary"))
                .or(calls(Runtime.class, "load"))
                .or(calls(Runtime.class, "loadLibrary")))
        .because("users give native access to one module");
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
