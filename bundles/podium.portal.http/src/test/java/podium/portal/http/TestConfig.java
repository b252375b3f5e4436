package podium.portal.http;

import java.lang.annotation.Annotation;

/// A configuration with short times, on a free port.
record TestConfig(int port, int headTimeout, int idleTimeout, int stallTimeout)
        implements HttpConfig {

    static TestConfig of() {
        return new TestConfig(0, 30, 30, 30);
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public String domain() {
        return "localhost";
    }

    @Override
    public int connections() {
        return 10_000;
    }

    @Override
    public Class<? extends Annotation> annotationType() {
        return HttpConfig.class;
    }
}
