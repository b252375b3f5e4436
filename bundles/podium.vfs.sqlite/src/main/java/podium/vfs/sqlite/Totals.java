package podium.vfs.sqlite;

import java.sql.SQLException;

/// Inodes, and pages that they hold.
record Totals(long inodes, long pages) {

    /// All that there is, with what snapshots alone have.
    static Totals all(Session session) throws SQLException {
        var now = of(session, Sql.TOTALS);
        return new Totals(
                now.inodes + session.number(0, Sql.KEPT_INODES),
                now.pages + session.number(0, Sql.KEPT_PAGES));
    }

    /// What has a name, and its content.
    static Totals named(Session session) throws SQLException {
        return of(session, Sql.NAMED);
    }

    private static Totals of(Session session, Sql sql) throws SQLException {
        var totals = session.one(row -> new Totals(row.getLong(1), row.getLong(2)), sql);
        return totals == null ? new Totals(0, 0) : totals;
    }

    /// With an inode that has a name, or without it. Others do not count.
    ///
    /// @param by 1 or -1
    Totals with(Status status, int by) {
        return status.links > 0 ? new Totals(inodes + by, pages + by * status.pages) : this;
    }
}
