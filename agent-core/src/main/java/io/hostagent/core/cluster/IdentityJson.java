// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import java.util.LinkedHashMap;
import java.util.Map;

/** An identity as agents send it to each other. */
final class IdentityJson {

    private IdentityJson() {}

    static Map<String, Object> write(NodeIdentity identity) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("nodeName", identity.nodeName());
        document.put("nodeId", identity.nodeId());
        document.put("swarm", identity.swarm());
        document.put("nodeRole", identity.role().word());
        document.put("port", identity.port());
        document.put("capabilities", identity.capabilities());
        document.put("version", identity.version());
        document.put("instance", identity.instance());
        document.put("started", identity.started());
        return document;
    }

    /**
     * Reads what another agent sent.
     *
     * @throws IllegalArgumentException when it is not that
     */
    static NodeIdentity read(String json) {
        Document document = Document.read(json);
        NodeIdentity identity =
                new NodeIdentity(
                        document.text("nodeName"),
                        document.text("nodeId"),
                        document.flag("swarm"),
                        Role.of(document.text("nodeRole")),
                        (int) document.number("port"),
                        document.items("capabilities").stream().map(Document::text).toList(),
                        document.text("version"),
                        document.text("instance"),
                        document.number("started"));
        if (identity.nodeName().isEmpty()
                || identity.nodeId().isEmpty()
                || identity.instance().isEmpty()) {
            throw new IllegalArgumentException("a name is missing");
        }
        return identity;
    }
}
