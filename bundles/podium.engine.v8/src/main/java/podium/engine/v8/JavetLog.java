package podium.engine.v8;

import com.caoccao.javet.interfaces.IJavetLogger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Javet's messages. Its warnings are about objects that go with their isolate, which is meant.
final class JavetLog implements IJavetLogger {

    static final JavetLog INSTANCE = new JavetLog();

    private static final Logger LOG = LoggerFactory.getLogger("podium.engine.v8.javet");

    private JavetLog() {}

    @Override
    public void debug(String message) {
        LOG.trace("{}", message);
    }

    @Override
    public void error(String message) {
        LOG.error("{}", message);
    }

    @Override
    public void error(String message, Throwable cause) {
        LOG.error("{}", message, cause);
    }

    @Override
    public void info(String message) {
        LOG.debug("{}", message);
    }

    @Override
    public void warn(String message) {
        LOG.debug("{}", message);
    }
}
