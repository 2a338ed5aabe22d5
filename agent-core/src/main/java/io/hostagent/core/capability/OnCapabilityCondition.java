// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.capability;

import io.hostagent.core.settings.Flag;
import io.hostagent.core.settings.Variables;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Reads a capability's flag from the environment. */
class OnCapabilityCondition extends SpringBootCondition {

    @Override
    public ConditionOutcome getMatchOutcome(
            ConditionContext context, AnnotatedTypeMetadata metadata) {
        MergedAnnotation<ConditionalOnCapability> annotation =
                metadata.getAnnotations().get(ConditionalOnCapability.class);
        String flag = annotation.getString("value");
        boolean on =
                Flag.read(
                        flag,
                        new Variables(context.getEnvironment()).apply(flag),
                        annotation.getBoolean("onByDefault"));
        return new ConditionOutcome(
                on,
                ConditionMessage.forCondition(ConditionalOnCapability.class, flag)
                        .because(on ? "it is on" : "it is off"));
    }
}
