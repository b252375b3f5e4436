package podium.vfs.sqlite;

import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/// The connections that read, each for one thread at a time. A query sees everything that was
/// committed before it began, and waits for no writer. Thread-safe.
final class Readers implements AutoCloseable {

    private final int most;
    private final Opener opener;
    private final Semaphore free;
    private final ConcurrentLinkedDeque<Session> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    /// Makes a connection.
    interface Opener {
        Session open() throws SQLException;
    }

    /// What is read.
    interface Query<T> {
        T of(Session session) throws SQLException;
    }

    /// @param most connections
    Readers(int most, Opener opener) {
        this.most = most;
        this.opener = opener;
        free = new Semaphore(most);
    }

    <T> T read(Query<T> query) throws SQLException {
        free.acquireUninterruptibly();
        try {
            if (closed) throw new SQLException("the database is closed");
            var session = idle.poll();
            if (session == null) session = opener.open();
            try {
                return query.of(session);
            } finally {
                idle.push(session);
            }
        } finally {
            free.release();
        }
    }

    /// Waits for those that read, and ends all connections.
    @Override
    public void close() throws SQLException {
        free.acquireUninterruptibly(most);
        closed = true;
        free.release(most);
        for (var session = idle.poll(); session != null; session = idle.poll()) session.close();
    }
}
