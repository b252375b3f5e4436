package podium.portal.mina;

import java.io.IOException;

/// What is done with a client's bytes. Its methods are called by the network's threads, which serve
/// many clients: they never wait, and have a [Serial] do the work.
public interface ClientHandler {

    /// The client sent something, or ended its side.
    void changed();

    /// The network took some of what was written to the client.
    void sent();

    /// The client's connection is over. Called once.
    void closed();

    /// Who takes a port's new clients.
    interface Factory {

        /// Called by the network's threads, maybe before the port is known to its owner.
        ///
        /// @throws IOException the guest does not answer; the client's connection is reset
        ClientHandler accept(Client client) throws IOException;
    }
}
