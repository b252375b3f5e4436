package podium.vfs.migrate;

import podium.vfs.Node;

/// Is told how copying goes on. What it throws ends that.
public interface Listener {

    /// Bytes of content were copied.
    void copied(int bytes);

    /// Bytes of content were compared.
    void compared(int bytes);

    /// A copy is as its source is; may be told again for the same one.
    void copied(Node source, Node copy);
}
