package podium.vfs.sqlite;

import java.sql.SQLException;

/// What is in the database is not what was written.
final class DamageException extends SQLException {

    DamageException(String message) {
        super(message);
    }
}
