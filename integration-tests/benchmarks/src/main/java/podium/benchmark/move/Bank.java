package podium.benchmark.move;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.sqlite.JDBC;

/// Looks at the databases that `src/main/c/database.c` has left, with another SQLite.
final class Bank {

    private static final String MONEY = "50000";

    private final Path from;
    private final Path copies;

    /// @param from the folder of the databases
    /// @param copies an empty folder of the host
    Bank(Path from, Path copies) {
        this.from = from;
        this.copies = copies;
    }

    /// @param transactions of each process, by its number
    /// @throws HammerException something is not as it must be
    void check(List<Long> transactions) throws IOException, HammerException {
        try (var bank = open("bank")) {
            expect(bank, "ok", "pragma integrity_check");
            expect(bank, MONEY, "select sum(balance) from account");
            for (int i = 0; i < transactions.size(); i++)
                expect(
                        bank,
                        "" + (transactions.get(i) - 1),
                        "select max(number) from entry where process = " + i);
        } catch (SQLException e) {
            throw new HammerException("bank.db: " + e);
        }
        for (int i = 0; i < transactions.size(); i++)
            try (var log = open("log-" + i)) {
                expect(log, "ok", "pragma integrity_check");
                expect(log, "" + (transactions.get(i) - 1), "select max(number) from row");
            } catch (SQLException e) {
                throw new HammerException("log-" + i + ".db: " + e);
            }
    }

    private Connection open(String name) throws IOException, SQLException {
        var copy = copies.resolve(name + ".db");
        Files.copy(from.resolve(name + ".db"), copy);
        // The driver may be in a bundle, where DriverManager does not look.
        return new JDBC().connect("jdbc:sqlite:" + copy, new Properties());
    }

    private static void expect(Connection database, String wanted, String sql)
            throws SQLException, HammerException {
        try (var statement = database.createStatement();
                var result = statement.executeQuery(sql)) {
            var found = result.next() ? result.getString(1) : "nothing";
            if (!wanted.equals(found))
                throw new HammerException("%s: %s, and not %s".formatted(sql, found, wanted));
        }
    }
}
