package podium.portal.tcp;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/// Configuration of the TCP transport. A rule's options go before it.
@ObjectClassDefinition(name = "Podium TCP portals")
@interface TcpConfig {

    @AttributeDefinition(
            description = "Address to bind to; anything but loopback is reachable by others")
    String host() default "127.0.0.1";

    @AttributeDefinition(description = "Most connections of one portal")
    int connections() default 10_000;

    @AttributeDefinition(
            description = "Seconds without a byte after which a connection is closed; 0 for never")
    int idle() default 0;
}
