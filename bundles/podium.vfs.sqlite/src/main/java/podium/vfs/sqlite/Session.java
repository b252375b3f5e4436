package podium.vfs.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.EnumMap;
import org.jspecify.annotations.Nullable;

/// A connection, and its prepared statements. For one thread at a time.
final class Session implements AutoCloseable {

    private final Connection connection;
    private final EnumMap<Sql, PreparedStatement> statements = new EnumMap<>(Sql.class);

    Session(Connection connection) {
        this.connection = connection;
    }

    /// What is made of a row of a result.
    interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    /// Takes the rows of a result.
    interface Rows {
        /// @return false for no more
        boolean take(ResultSet row) throws SQLException;
    }

    /// A statement that changes.
    ///
    /// @param values numbers and bytes, in the order of the question marks
    /// @return how many rows it changed
    int run(Sql sql, @Nullable Object... values) throws SQLException {
        try {
            return prepared(sql, values).executeUpdate();
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /// The first row of a query's result, or null when there is none.
    <T> @Nullable T one(Row<T> row, Sql sql, @Nullable Object... values) throws SQLException {
        // Closed at once: an open result would keep an old state of the whole database.
        try (var result = prepared(sql, values).executeQuery()) {
            return result.next() ? row.of(result) : null;
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /// The number that a query gives.
    ///
    /// @param otherwise when there is none
    long number(long otherwise, Sql sql, @Nullable Object... values) throws SQLException {
        var number = one(row -> row.getLong(1), sql, values);
        return number == null ? otherwise : number;
    }

    void each(Rows rows, Sql sql, @Nullable Object... values) throws SQLException {
        try (var result = prepared(sql, values).executeQuery()) {
            while (result.next() && rows.take(result)) {}
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /// The driver ends a statement that fails in some ways: the next use prepares it anew.
    private SQLException failed(Sql sql, SQLException e) {
        var statement = statements.remove(sql);
        if (statement != null)
            try {
                statement.close();
            } catch (SQLException other) {
                e.addSuppressed(other);
            }
        return e;
    }

    /// A statement that is used once, without values.
    void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// A statement that is used once, with values.
    ///
    /// @return how many rows it changed
    int execute(String sql, @Nullable Object... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            return statement.executeUpdate();
        }
    }

    /// The first value of a statement that is used once.
    String ask(String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            return result.next() ? String.valueOf(result.getString(1)) : "";
        }
    }

    /// The rows of a statement that is used once.
    void each(Rows rows, String sql, @Nullable Object... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            try (var result = statement.executeQuery()) {
                while (result.next() && rows.take(result)) {}
            }
        }
    }

    private PreparedStatement prepared(Sql sql, @Nullable Object... values) throws SQLException {
        var statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql.text);
            statements.put(sql, statement);
        }
        bind(statement, values);
        return statement;
    }

    private static void bind(PreparedStatement statement, @Nullable Object[] values)
            throws SQLException {
        for (int i = 0; i < values.length; i++) {
            var value = values[i];
            switch (value) {
                case null -> statement.setNull(i + 1, Types.BLOB);
                case byte[] bytes -> statement.setBytes(i + 1, bytes);
                case Number number -> statement.setLong(i + 1, number.longValue());
                default -> throw new IllegalArgumentException("no value: " + value);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
