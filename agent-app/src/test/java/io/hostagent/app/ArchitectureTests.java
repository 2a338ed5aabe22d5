// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import javax.net.ssl.KeyManager;
import org.jspecify.annotations.NullMarked;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Who may know whom, and what is done in one place only. */
@AnalyzeClasses(
        packages = "io.hostagent",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTests.NoFixtures.class})
class ArchitectureTests {

    /** The lab and the test-jar of the core are no part of the product. */
    static final class NoFixtures implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("test-lab")
                    && !location.contains("/io/hostagent/lab/")
                    && !location.contains("tests.jar");
        }
    }

    @ArchTest
    static final ArchRule CAPABILITIES_DO_NOT_KNOW_ONE_ANOTHER =
            slices().matching("io.hostagent.capability.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule THE_CORE_KNOWS_NO_CAPABILITY =
            noClasses()
                    .that()
                    .resideInAPackage("io.hostagent.core..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.hostagent.capability..", "io.hostagent.app..");

    @ArchTest
    static final ArchRule THE_APPLICATION_KNOWS_CAPABILITIES_BY_THEIR_CONTRACT_ONLY =
            noClasses()
                    .that()
                    .resideInAPackage("io.hostagent.app..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.hostagent.capability..");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.hostagent.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ONLY_THE_CLIENT_PACKAGE_KNOWS_DOCKER_JAVA =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.hostagent.core.docker.client..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "com.github.dockerjava..", "com.fasterxml.jackson.databind..");

    /** A command has a process of its own, which may take its time. */
    @ArchTest
    static final ArchRule ONLY_THE_JSON_PACKAGE_AND_COMMANDS_KNOW_JACKSON =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("io.hostagent.core.json", "io.hostagent.app.command")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("tools.jackson..");

    @ArchTest
    static final ArchRule ONLY_THE_WIRING_KNOWS_THE_CLIENT_PACKAGE =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "io.hostagent.core.docker.client..", "io.hostagent.core.autoconfigure")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.hostagent.core.docker.client..");

    @ArchTest
    static final ArchRule NOBODY_KNOWS_THE_WIRING_BUT_THE_WIRING =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..autoconfigure..")
                    .and(not(are(annotatedAsWiring())))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.hostagent..autoconfigure..");

    /** What pushes metrics, one day, finds the same samples as what writes them down. */
    @ArchTest
    static final ArchRule SAMPLES_DO_NOT_KNOW_HOW_THEY_ARE_WRITTEN =
            noClasses()
                    .that()
                    .resideInAPackage("..metrics.sample..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "..metrics.text..", "..metrics.web..", "..metrics.scrape..");

    @ArchTest
    static final ArchRule MICROMETER_IS_FOR_THE_AGENT_ITSELF =
            noClasses()
                    .that()
                    .resideInAPackage("io.hostagent.capability.metrics..")
                    .and()
                    .resideOutsideOfPackages("..metrics.self..", "..metrics.autoconfigure..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.micrometer..");

    /** An engine's {@code stats} take a second for each container. */
    @ArchTest
    static final ArchRule NO_ENGINE_IS_ASKED_FOR_THE_NUMBERS_OF_CONTAINERS =
            noClasses()
                    .that()
                    .resideInAnyPackage("..metrics.container..", "..metrics.kernel..")
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("io.hostagent.core.docker.DockerEngine");

    @ArchTest
    static final ArchRule AUTO_CONFIGURATIONS_ARE_PUBLIC_AND_FINAL =
            classes()
                    .that()
                    .areAnnotatedWith(AutoConfiguration.class)
                    .should()
                    .bePublic()
                    .andShould()
                    .haveModifier(JavaModifier.FINAL)
                    .andShould()
                    .haveSimpleNameEndingWith("AutoConfiguration");

    @ArchTest
    static final ArchRule CONDITIONS_ARE_PACKAGE_PRIVATE =
            classes().that().areAssignableTo(SpringBootCondition.class).should().bePackagePrivate();

    @ArchTest
    static final ArchRule NOBODY_WAITS_FOR_A_PUBLISHER =
            noClasses().should().accessTargetWhere(isCallTo("block", Mono.class, Flux.class));

    @ArchTest
    static final ArchRule NOBODY_SLEEPS =
            noClasses().should().callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule ONLY_THE_BRIDGE_HAS_A_SCHEDULER =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.hostagent.core.concurrent")
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(Schedulers.class);

    @ArchTest
    static final ArchRule ONE_CLASS_STARTS_PROCESSES =
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName("io.hostagent.capability.volumes.tool.Tools")
                    .should()
                    .dependOnClassesThat()
                    .areAssignableTo(ProcessBuilder.class)
                    .orShould()
                    .accessTargetWhere(isCallTo("exec", Runtime.class));

    @ArchTest
    static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS =
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName("io.hostagent.app.AgentApplication")
                    .should()
                    .accessTargetWhere(isField("out", "err"));

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_DOES =
            noClasses()
                    .that()
                    // The JDK's own word for what chooses a certificate.
                    .areNotAssignableTo(KeyManager.class)
                    .should()
                    .haveNameMatching(".*(Utils?|Helper|Manager|Impl|Base)$")
                    .orShould()
                    .haveNameMatching(".*\\.(Base|Abstract)[A-Z][a-z]\\w*");

    @ArchTest
    static final ArchRule EVERY_PACKAGE_IS_NULL_MARKED =
            classes()
                    .should(
                            new ArchCondition<>("be in a package that is @NullMarked") {
                                @Override
                                public void check(JavaClass type, ConditionEvents events) {
                                    if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                                        events.add(
                                                SimpleConditionEvent.violated(
                                                        type, type.getPackageName()));
                                    }
                                }
                            });

    private static DescribedPredicate<JavaClass> annotatedAsWiring() {
        return DescribedPredicate.describe(
                "wiring themselves", type -> type.isAnnotatedWith(AutoConfiguration.class));
    }

    private static DescribedPredicate<JavaAccess<?>> isCallTo(String prefix, Class<?>... owners) {
        return DescribedPredicate.describe(
                "calls " + prefix,
                access -> {
                    for (Class<?> owner : owners) {
                        if (access.getTargetOwner().isAssignableTo(owner)
                                && access.getTarget().getName().startsWith(prefix)) {
                            return true;
                        }
                    }
                    return false;
                });
    }

    private static DescribedPredicate<JavaAccess<?>> isField(String... names) {
        return DescribedPredicate.describe(
                "uses a standard stream",
                access ->
                        access.getTargetOwner().isEquivalentTo(System.class)
                                && List.of(names).contains(access.getTarget().getName()));
    }
}
