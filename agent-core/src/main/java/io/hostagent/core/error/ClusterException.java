// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.error;

import org.jspecify.annotations.Nullable;

/**
 * Another agent is not there or does not answer: nothing that the caller could have done better.
 */
public final class ClusterException extends AgentException {

    private static final String NO_AGENT = "The agent was unable to contact any other agent";

    private static final String UNKNOWN_SELF = "This agent does not know its node yet";

    private ClusterException(
            int status, String message, String details, @Nullable Throwable cause) {
        super(status, message, details, cause);
    }

    /** 500, in the words of the original agent: no agent is known by this name. */
    public static ClusterException noSuchNode() {
        return new ClusterException(500, NO_AGENT, "Unable to find the targeted agent", null);
    }

    /** 500, in the words of the original agent: no agent on a manager is known. */
    public static ClusterException noManager() {
        return new ClusterException(
                500,
                NO_AGENT + " located on a manager node",
                "Unable to find an agent on any manager node",
                null);
    }

    /** 503: the agent on a node that should be there does not answer. */
    public static ClusterException absent(String node, String why) {
        return new ClusterException(
                503, NO_AGENT, "The agent on " + node + " does not answer: " + why, null);
    }

    /**
     * 502: the agent on a node took the request and gave no answer, so nobody knows what it did.
     */
    public static ClusterException failed(String node, Throwable cause) {
        return new ClusterException(
                502,
                "The agent on " + node + " failed to answer",
                String.valueOf(cause.getMessage()),
                cause);
    }

    /** 503: which of several things of a name is meant cannot be told without some nodes. */
    public static ClusterException undecided(String reference, String nodes) {
        return new ClusterException(
                503,
                "Unable to tell which '" + reference + "' is meant",
                "No answer came from "
                        + nodes
                        + ", which may have one: ask again, or name the node with"
                        + " X-PortainerAgent-Target",
                null);
    }

    /** 503: the agent is one of several, and its engine has not told it yet which one. */
    public static ClusterException unknownSelf() {
        return new ClusterException(
                503, UNKNOWN_SELF, "Its Docker engine has not answered yet; ask again", null);
    }

    /** Whether it is the one of {@link #unknownSelf}. */
    public boolean isUnknownSelf() {
        return UNKNOWN_SELF.equals(getMessage());
    }

    /** 421: a request for another node arrived here, as its agent was here before. */
    public static ClusterException misdirected(String target) {
        return new ClusterException(
                421, "This is not the agent on " + target, "Look again where that one is", null);
    }
}
