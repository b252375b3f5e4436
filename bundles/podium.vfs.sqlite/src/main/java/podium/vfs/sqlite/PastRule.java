package podium.vfs.sqlite;

import java.util.ArrayList;
import java.util.List;

/// What holds for the rows of snapshots, beyond what [Rule] says of each one's tree.
///
/// @param text for how many there are
/// @param query for how many there are for which it does not hold
/// @param repair a statement
record PastRule(String text, String query, String repair) {

    private static final String LAST = "(SELECT coalesce(max(id), 0) FROM snapshot)";

    private static final String USED =
            "(SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'snapshot')";

    private static final String NOBODYS =
            "id NOT IN (SELECT piece FROM chunk UNION ALL SELECT piece FROM past_chunk)";

    /// In the order in which they are made to hold.
    static List<PastRule> all() {
        var all = new ArrayList<PastRule>();
        all.add(
                new PastRule(
                        "the last number of snapshots is less than one of %s",
                        "SELECT count(*) FROM snapshot WHERE id > " + USED,
                        "DELETE FROM sqlite_sequence WHERE name = 'snapshot';"
                                + " INSERT INTO sqlite_sequence VALUES ('snapshot', "
                                + LAST
                                + ")"));
        for (var table : Table.values()) {
            all.add(since(table));
            all.add(until(table));
            all.add(kept(table));
        }
        all.add(
                new PastRule(
                        "%s pieces of content are nobody's",
                        "SELECT count(*) FROM piece WHERE " + NOBODYS,
                        "DELETE FROM piece WHERE " + NOBODYS));
        return all;
    }

    private static PastRule since(Table table) {
        var wrong = "since NOT BETWEEN 0 AND " + USED;
        return rule(
                table.title(),
                "of %2$s, %1$s rows are since no snapshot that there was",
                wrong,
                "UPDATE %s SET since = " + LAST + " WHERE " + wrong);
    }

    private static PastRule until(Table table) {
        var wrong = "until > " + USED + " OR since < 0";
        return rule(
                table.past(),
                "of %2$s, %1$s rows are until, or since, no snapshot that there was",
                wrong,
                "UPDATE OR REPLACE %s SET since = max(since, 0), until = min(until, "
                        + LAST
                        + ") WHERE "
                        + wrong);
    }

    private static PastRule kept(Table table) {
        var wrong =
                "NOT EXISTS (SELECT * FROM snapshot WHERE id > %1$s.since AND id <= %1$s.until)"
                        .formatted(table.past());
        return rule(
                table.past(),
                "of %2$s, %1$s rows are no snapshot's",
                wrong,
                "DELETE FROM %s WHERE " + wrong);
    }

    private static PastRule rule(String table, String text, String wrong, String repair) {
        return new PastRule(
                text.formatted("%s", table),
                "SELECT count(*) FROM %s WHERE %s".formatted(table, wrong),
                repair.formatted(table));
    }
}
