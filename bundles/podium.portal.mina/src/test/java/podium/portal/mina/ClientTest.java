package podium.portal.mina;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.mina.core.RuntimeIoException;
import org.apache.mina.core.session.DummySession;
import org.apache.mina.transport.socket.DefaultSocketSessionConfig;
import org.junit.jupiter.api.Test;

class ClientTest {

    /// The pump calls this, and would never run again after an exception.
    @Test
    void resettingOneThatHasJustEndedDoesNotFail() {
        var session = new DummySession();
        session.setConfig(
                new DefaultSocketSessionConfig() {
                    @Override
                    public void setSoLinger(int seconds) {
                        throw new RuntimeIoException("Socket is closed");
                    }
                });
        new Client(session).abort();
        assertTrue(session.isClosing());
    }
}
