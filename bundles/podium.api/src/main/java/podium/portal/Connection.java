package podium.portal;

import java.io.IOException;
import java.nio.ByteBuffer;
import podium.syscall.Pollable;

/// The host's end of a connection to a guest. Never blocks; [Pollable] says when to go on.
/// Thread-safe, one reader and one writer at a time.
public interface Connection extends Pollable, AutoCloseable {

    /// Takes what the guest has sent.
    ///
    /// @return bytes read, 0 when there are none now, -1 when the guest has ended its side
    /// @throws IOException the guest reset the connection
    int read(ByteBuffer into) throws IOException;

    /// Hands bytes to the guest.
    ///
    /// @return bytes taken, 0 when the guest's buffer is full
    /// @throws IOException the guest closed the connection
    int write(ByteBuffer from) throws IOException;

    /// Ends the host's side: the guest reads end of file.
    void shutdownOutput();

    /// Ends both sides. What the guest has not read yet is lost (RST) unless the output was shut
    /// down before. Idempotent.
    @Override
    void close();
}
