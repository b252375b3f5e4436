package podium.vfs.sqlite;

import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;

/// What holds for the rows of a database that makes sense. A query finds the inodes, or the
/// directories, for which it does not. [Repair] makes them hold, in this order.
enum Rule {
    /// Nothing has a type that there is not.
    TYPES(
            "inode %s is of no type",
            "SELECT id FROM inode WHERE mode >> 12 NOT IN (1, 2, 4, 6, 8, 10, 12)"
                    + Counts.NO_NUMBER
                    + " OR (mode >> 12 = 10) != (target IS NOT NULL)",
            "DELETE FROM inode WHERE mode >> 12 NOT IN (1, 2, 4, 6, 8, 10, 12)"
                    + Counts.NO_NUMBER
                    + " OR (mode >> 12 = 10) != (target IS NOT NULL)"),

    /// Not used twice, and not at an end.
    NUMBERS(
            "the numbers of inodes, of which %s is the last, make no sense",
            "SELECT max(id) FROM "
                    + Counts.EVER
                    + " HAVING (SELECT count(*) FROM sqlite_sequence"
                    + " WHERE name = 'inode' AND typeof(seq) = 'integer'"
                    + " AND seq BETWEEN (SELECT max(id) FROM "
                    + Counts.EVER
                    + ") AND "
                    + Schema.MOST_INODES
                    + ") != 1",
            ""),

    /// Without it, nothing would be forced.
    SYNCED(
            "how often it was synced has %s rows, or makes no sense",
            "SELECT count(*) FROM synced HAVING count(*) != 1"
                    + " OR min(times) NOT BETWEEN 0 AND 1 << 60",
            ""),

    ROOT(
            "the root, inode %s, is no directory",
            "SELECT 1 WHERE NOT EXISTS (SELECT * FROM inode WHERE id = 1 AND mode >> 12 = 4)",
            "INSERT OR REPLACE INTO inode (id, mode, uid, gid, links, size, pages, reserves,"
                    + " device, accessed, modified, changed, born, cookie, crc, since)"
                    + " SELECT 1, 16877, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0"
                    + " WHERE NOT EXISTS (SELECT * FROM inode WHERE id = 1 AND mode >> 12 = 4)"),

    NO_NAMES(
            "directory %s has a name that is none",
            "SELECT directory FROM entry WHERE " + Counts.NO_NAME,
            "DELETE FROM entry WHERE " + Counts.NO_NAME),

    NAMES_OF_NOTHING(
            "directory %s has a name of nothing",
            "SELECT directory FROM entry WHERE inode NOT IN (SELECT id FROM inode)",
            "DELETE FROM entry WHERE inode NOT IN (SELECT id FROM inode)"),

    NAMES_IN_NOTHING(
            "inode %s has a name in no directory",
            "SELECT inode FROM entry WHERE directory NOT IN"
                    + " (SELECT id FROM inode WHERE mode >> 12 = 4)",
            "DELETE FROM entry WHERE directory NOT IN"
                    + " (SELECT id FROM inode WHERE mode >> 12 = 4)"),

    NAMES_OF_DIRECTORIES(
            "directory %s has two names",
            "SELECT inode FROM entry WHERE inode IN (SELECT id FROM inode WHERE mode >> 12 = 4)"
                    + " GROUP BY inode HAVING count(*) > 1 OR inode = 1",
            "DELETE FROM entry WHERE inode IN (SELECT id FROM inode WHERE mode >> 12 = 4)"
                    + " AND (inode = 1 OR (directory, name) NOT IN (SELECT directory, name"
                    + " FROM (SELECT directory, name, row_number() OVER (PARTITION BY inode"
                    + " ORDER BY directory, name) AS nth FROM entry) WHERE nth = 1))"),

    /// [Repair] gives those a name that have none.
    REACHED(
            "directory %s cannot be reached from the root",
            "WITH RECURSIVE below (id) AS (SELECT 1 UNION SELECT e.inode FROM below"
                    + " JOIN entry e ON e.directory = below.id"
                    + " JOIN inode i ON i.id = e.inode AND i.mode >> 12 = 4)"
                    + " SELECT id FROM inode WHERE mode >> 12 = 4 AND id NOT IN below",
            ""),

    /// An inode without a name was open; with links that nobody has, its names are lost.
    NAMED(
            "inode %s has lost its names",
            "SELECT id FROM inode WHERE links > 0 AND mode >> 12 != 4"
                    + " AND id NOT IN (SELECT inode FROM entry)",
            ""),

    CHUNKS_OF_NOTHING(
            "inode %s has content, and is no file",
            "SELECT DISTINCT inode FROM chunk WHERE inode NOT IN"
                    + " (SELECT id FROM inode WHERE mode >> 12 = 8)",
            "DELETE FROM chunk WHERE inode NOT IN (SELECT id FROM inode WHERE mode >> 12 = 8)"),

    PROMISES_OF_NOTHING(
            "inode %s has a promise of space that makes no sense",
            "SELECT inode FROM reserved r WHERE inode NOT IN (SELECT id FROM inode"
                    + " WHERE mode >> 12 = 8 AND reserves) OR first < 0 OR behind <= first"
                    + " OR EXISTS (SELECT * FROM reserved o WHERE o.inode = r.inode"
                    + " AND o.first > r.first AND o.first < r.behind)",
            "DELETE FROM reserved"),

    LINKS(
            "inode %s counts its names wrongly",
            "SELECT id FROM inode JOIN ("
                    + Counts.LINKS
                    + ") ON id = inode_id WHERE links != names",
            "UPDATE inode SET links = names FROM ("
                    + Counts.LINKS
                    + ")"
                    + " WHERE id = inode_id AND links != names"),

    NAMES(
            "directory %s counts its names wrongly",
            "SELECT id FROM inode WHERE mode >> 12 = 4 AND size != " + Counts.SIZE,
            "UPDATE inode SET size = " + Counts.SIZE + " WHERE mode >> 12 = 4"),

    COOKIES(
            "directory %s would give a place twice",
            "SELECT id FROM inode WHERE cookie < " + Counts.COOKIE,
            "UPDATE inode SET cookie = " + Counts.COOKIE + " WHERE cookie < " + Counts.COOKIE),

    SIZES(
            "inode %s has a size that makes no sense",
            "SELECT id FROM inode WHERE size < 0", "UPDATE inode SET size = 0 WHERE size < 0"),

    /// What has no name may be half freed.
    PAGES(
            "inode %s counts its pages wrongly",
            "SELECT id FROM inode WHERE links > 0 AND reserves = 0 AND pages != " + Counts.PAGES,
            "UPDATE inode SET pages = " + Counts.PAGES + " WHERE links > 0 AND reserves = 0");

    /// What holds for the tree of each snapshot, too.
    static final Set<Rule> OF_TREES = EnumSet.complementOf(EnumSet.of(NUMBERS, SYNCED));

    /// What holds for all of it.
    static final Set<Rule> OF_ALL = EnumSet.of(NUMBERS, SYNCED);

    final String text;
    final String query;
    final String repair;

    /// @param text for the inode's number
    /// @param repair a statement, or nothing
    Rule(String text, String query, String repair) {
        this.text = text;
        this.query = query;
        this.repair = repair;
    }

    boolean holds(Session session) throws SQLException {
        return session.ask("SELECT count(*) FROM (" + query + ")").equals("0");
    }

    /// What an inode's row should say.
    private static final class Counts {

        /// Inodes of now, and of snapshots.
        static final String EVER = "(SELECT id FROM inode UNION ALL SELECT id FROM past_inode)";

        static final String NO_NUMBER = " OR id NOT BETWEEN 1 AND " + Schema.MOST_INODES;

        static final String NO_NAME =
                "length(name) NOT BETWEEN 1 AND 255 OR instr(name, x'2f') OR instr(name, x'00')"
                        + " OR name IN (x'2e', x'2e2e')";

        /// Of each inode; no index leads from an inode to its names.
        static final String LINKS =
                "SELECT i.id AS inode_id, CASE i.mode >> 12 WHEN 4 THEN 2 + coalesce(below, 0)"
                        + " ELSE coalesce(own, 0) END AS names FROM inode i"
                        + " LEFT JOIN (SELECT inode AS named, count(*) AS own FROM entry"
                        + " GROUP BY inode) ON named = i.id"
                        + " LEFT JOIN (SELECT e.directory AS above, count(*) AS below"
                        + " FROM entry e JOIN inode d ON d.id = e.inode AND d.mode >> 12 = 4"
                        + " GROUP BY e.directory) ON above = i.id";

        static final String SIZE =
                "(SELECT 32 * count(*) FROM entry e WHERE e.directory = inode.id)";

        static final String COOKIE =
                "(SELECT coalesce(max(e.cookie), 0) FROM entry e WHERE e.directory = inode.id)";

        static final String PAGES =
                "(SELECT coalesce(sum(" + Sql.BITS + "), 0) FROM chunk c WHERE c.inode = inode.id)";

        private Counts() {}
    }
}
