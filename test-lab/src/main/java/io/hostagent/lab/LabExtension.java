// SPDX-License-Identifier: Apache-2.0
package io.hostagent.lab;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/** Gives tests what {@link LabEngine} and {@link LabSwarm} ask for. */
final class LabExtension
        implements ParameterResolver, BeforeAllCallback, TestInstancePostProcessor {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return resolvable(parameter.getParameter(), parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return resolve(parameter.getParameter(), context);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        inject(context.getRequiredTestClass(), null, context);
    }

    @Override
    public void postProcessTestInstance(Object instance, ExtensionContext context)
            throws Exception {
        inject(instance.getClass(), instance, context);
    }

    private static void inject(Class<?> type, @Nullable Object instance, ExtensionContext context)
            throws IllegalAccessException {
        for (Class<? extends Annotation> annotation : Wanted.ANNOTATIONS) {
            for (Field field :
                    AnnotationSupport.findAnnotatedFields(
                            type,
                            annotation,
                            candidate ->
                                    Modifier.isStatic(candidate.getModifiers())
                                            == (instance == null),
                            HierarchyTraversalMode.TOP_DOWN)) {
                if (!resolvable(field, field.getType())) {
                    throw new LabException(field + " does not have the type of its annotation");
                }
                field.setAccessible(true);
                field.set(instance, resolve(field, context));
            }
        }
    }

    private static boolean resolvable(AnnotatedElement element, Class<?> type) {
        return Wanted.of(element).map(wanted -> wanted.type() == type).orElse(false);
    }

    private static Object resolve(AnnotatedElement element, ExtensionContext context) {
        Wanted wanted = Wanted.of(element).orElseThrow();
        SharedHosts shared =
                context.getRoot()
                        .getStore(ExtensionContext.Namespace.create(LabExtension.class))
                        .computeIfAbsent("hosts", key -> new SharedHosts(), SharedHosts.class);
        return switch (wanted) {
            case Wanted.Engine engine -> shared.engine(engine.annotation());
            case Wanted.Swarm swarm -> shared.swarm(swarm.annotation());
        };
    }

    /** What an annotation asks for. */
    private sealed interface Wanted {

        List<Class<? extends Annotation>> ANNOTATIONS = List.of(LabEngine.class, LabSwarm.class);

        record Engine(LabEngine annotation) implements Wanted {
            @Override
            public Class<?> type() {
                return DockerHost.class;
            }
        }

        record Swarm(LabSwarm annotation) implements Wanted {
            @Override
            public Class<?> type() {
                return DockerSwarm.class;
            }
        }

        Class<?> type();

        static Optional<Wanted> of(AnnotatedElement element) {
            Optional<Wanted> engine =
                    AnnotationSupport.findAnnotation(element, LabEngine.class).map(Engine::new);
            return engine.or(
                    () ->
                            AnnotationSupport.findAnnotation(element, LabSwarm.class)
                                    .map(Swarm::new));
        }
    }
}
