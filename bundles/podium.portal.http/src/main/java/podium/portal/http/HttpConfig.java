package podium.portal.http;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// Configuration of the HTTP transport. A rule's options go before it.
@ObjectClassDefinition(name = "Podium HTTP portals")
@interface HttpConfig {

    @AttributeDefinition(
            description = "Address to bind to; anything but loopback is reachable by others")
    String host() default "127.0.0.1";

    @AttributeDefinition(description = "Port of the host; 0 for a free one")
    int port() default 8080;

    @AttributeDefinition(
            description = "Domain below which pods get their names, <pod>-<port>.<domain>")
    String domain() default "localhost";

    @AttributeDefinition(description = "Most connections of clients at once")
    int connections() default 10_000;

    @AttributeDefinition(description = "Seconds a client has to send a whole request head")
    int headTimeout() default 15;

    @AttributeDefinition(description = "Seconds a connection may wait for its next request")
    int idleTimeout() default 75;

    @AttributeDefinition(description = "Seconds a client may pause while it sends or takes a body")
    int stallTimeout() default 60;
}
