package podium.vfs.sqlite;

/// The statements there are. Each connection prepares those it uses once.
enum Sql {
    BEGIN("BEGIN IMMEDIATE"),
    COMMIT("COMMIT"),
    ROLLBACK("ROLLBACK"),
    COUNT_SYNC("UPDATE synced SET times = times + 1"),
    FREE_PAGES("PRAGMA freelist_count"),
    ALL_PAGES("PRAGMA page_count"),

    INODE("SELECT * FROM inode WHERE id = ?"),
    ADD_INODE(
            "INSERT INTO inode (mode, uid, gid, links, size, pages, reserves, device, accessed,"
                    + " modified, changed, born, cookie, target, crc, since)"
                    + " VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, 0, ?, ?, ?) RETURNING id"),
    SET_INODE(
            "UPDATE inode SET mode = ?, uid = ?, gid = ?, links = ?, size = ?, pages = ?,"
                    + " reserves = ?, accessed = ?, modified = ?, changed = ?, cookie = ?,"
                    + " extended = ?, crc = ?, since = ? WHERE id = ?"),
    FREE_INODE("DELETE FROM inode WHERE id = ?"),
    ORPHANS("SELECT id, " + Sql.TAKEN + " FROM inode WHERE links = 0"),
    TOTALS("SELECT count(*), CAST(total(" + Sql.TAKEN + ") AS INTEGER) FROM inode"),
    NAMED("SELECT count(*), CAST(total(pages) AS INTEGER) FROM inode WHERE links > 0"),

    /// A name of nothing is damage, and told as that.
    LOOKUP(
            "SELECT i.*, e.cookie AS place, e.crc AS seal FROM entry e"
                    + " LEFT JOIN inode i ON i.id = e.inode WHERE e.directory = ? AND e.name = ?"),
    COOKIE("SELECT cookie FROM entry WHERE directory = ? AND name = ?"),
    ENTRIES(
            "SELECT e.name, e.inode, i.mode, e.cookie, e.crc FROM entry e"
                    + " JOIN inode i ON i.id = e.inode WHERE e.directory = ? AND e.cookie > ?"
                    + " ORDER BY e.cookie LIMIT ?"),
    UP("SELECT directory, name FROM entry WHERE inode = ? LIMIT 1"),
    ADD_ENTRY(
            "INSERT INTO entry (directory, name, cookie, inode, crc, since)"
                    + " VALUES (?, ?, ?, ?, ?, ?)"),
    SET_ENTRY("UPDATE entry SET inode = ?, crc = ?, since = ? WHERE directory = ? AND name = ?"),
    FREE_ENTRY("DELETE FROM entry WHERE directory = ? AND name = ?"),

    READ(
            "SELECT i.size, c.number, c.held, c.crc, p.data FROM inode i"
                    + " LEFT JOIN chunk c ON c.inode = i.id AND c.number BETWEEN ? AND ?"
                    + " LEFT JOIN piece p ON p.id = c.piece"
                    + " WHERE i.id = ? ORDER BY c.number"),
    CHUNK(
            "SELECT c.held, c.crc, c.piece, c.since, p.data FROM chunk c"
                    + " LEFT JOIN piece p ON p.id = c.piece WHERE c.inode = ? AND c.number = ?"),
    SET_CHUNK(
            "INSERT INTO chunk (inode, number, held, crc, piece, since) VALUES (?, ?, ?, ?, ?, ?)"
                    + " ON CONFLICT (inode, number) DO UPDATE SET held = excluded.held,"
                    + " crc = excluded.crc, piece = excluded.piece, since = excluded.since"),
    HELD(
            "SELECT number, held FROM chunk"
                    + " WHERE inode = ? AND number BETWEEN ? AND ? ORDER BY number"),
    FREE_CHUNKS("DELETE FROM chunk WHERE inode = ? AND number BETWEEN ? AND ?"),
    SOME_CHUNK("SELECT number FROM chunk WHERE inode = ? ORDER BY number LIMIT 1 OFFSET ?"),

    ADD_PIECE("INSERT INTO piece (data) VALUES (?) RETURNING id"),
    SET_PIECE("UPDATE piece SET data = ? WHERE id = ?"),
    FREE_PIECES(
            "DELETE FROM piece WHERE id IN (SELECT piece FROM chunk c"
                    + " WHERE inode = ? AND number BETWEEN ? AND ? AND NOT "
                    + Sql.IS_KEPT
                    + ")"),
    FREE_PIECE(
            "DELETE FROM piece WHERE id = ?1 AND NOT EXISTS (SELECT * FROM chunk"
                    + " WHERE inode = ?2 AND number = ?3 AND piece = ?1)"
                    + " AND NOT EXISTS (SELECT * FROM past_chunk"
                    + " WHERE inode = ?2 AND number = ?3 AND piece = ?1)"),
    IS_PIECE_KEPT("SELECT 1 FROM past_chunk WHERE inode = ? AND number = ? AND piece = ? LIMIT 1"),
    /// Pages of pieces that snapshots have, too.
    SHARED(
            "SELECT CAST(total("
                    + Sql.BITS
                    + ") AS INTEGER) FROM chunk c"
                    + " WHERE inode = ? AND number BETWEEN ? AND ? AND "
                    + Sql.IS_KEPT),

    RESERVED(
            "SELECT first, behind FROM reserved"
                    + " WHERE inode = ? AND first < ? AND behind > ? ORDER BY first"),
    ADD_RESERVED("INSERT INTO reserved (inode, first, behind, crc, since) VALUES (?, ?, ?, ?, ?)"),
    FREE_RESERVED("DELETE FROM reserved WHERE inode = ? AND first < ? AND behind > ?"),

    SNAPSHOTS("SELECT * FROM snapshot ORDER BY id"),
    ADD_SNAPSHOT(
            "INSERT INTO snapshot (name, taken, inodes, pages, crc) VALUES (?, ?, ?, ?, ?)"
                    + " RETURNING id"),
    FORGET_SNAPSHOT("UPDATE snapshot SET name = NULL WHERE id = ?"),
    FREE_SNAPSHOT("DELETE FROM snapshot WHERE id = ?"),
    KEEP_INODE(Table.INODE.keep("id = ?2")),
    KEEP_ENTRY(Table.ENTRY.keep("directory = ?2 AND name = ?3")),
    KEEP_CHUNKS(Table.CHUNK.keep("inode = ?2 AND number BETWEEN ?3 AND ?4")),
    KEEP_RESERVED(Table.RESERVED.keep("inode = ?2 AND first < ?3 AND behind > ?4")),
    /// Whether an inode is there, or a snapshot has it.
    IS_COUNTED(
            "SELECT 1 FROM inode WHERE id = ?1 UNION ALL SELECT 1 FROM past_inode WHERE id = ?1"
                    + " LIMIT 1"),
    HAS_PAST("SELECT 1 FROM past_inode WHERE id = ? LIMIT 1"),
    /// Pages of pieces that snapshots alone have, and their inodes.
    KEPT_PAGES(
            "SELECT CAST(total("
                    + Sql.BITS
                    + ") AS INTEGER) FROM (SELECT DISTINCT inode, number, held, piece"
                    + " FROM past_chunk) c WHERE NOT EXISTS (SELECT * FROM chunk n"
                    + " WHERE n.inode = c.inode AND n.number = c.number AND n.piece = c.piece)"),
    KEPT_INODES("SELECT count(DISTINCT id) FROM past_inode WHERE id NOT IN (SELECT id FROM inode)"),

    THEN_INODE(Table.INODE.at("?2", "id = ?1")),
    THEN_ENTRY(Table.ENTRY.at("?3", "directory = ?1 AND name = ?2")),
    THEN_ENTRIES(
            "SELECT e.name, e.inode, (SELECT mode FROM past_inode"
                    + " WHERE id = e.inode AND since < ?4 AND until >= ?4 UNION ALL"
                    + " SELECT mode FROM inode WHERE id = e.inode AND since < ?4), e.cookie, e.crc"
                    + " FROM ("
                    + Table.ENTRY.at("?4", "directory = ?1 AND cookie > ?2")
                    + ") e ORDER BY e.cookie LIMIT ?3"),
    THEN_READ(
            "SELECT ?5 AS size, c.number, c.held, c.crc, p.data FROM (SELECT 1) LEFT JOIN ("
                    + Table.CHUNK.at("?4", "inode = ?3 AND number BETWEEN ?1 AND ?2")
                    + ") c LEFT JOIN piece p ON p.id = c.piece ORDER BY c.number"),
    THEN_HELD(
            "SELECT number, held FROM ("
                    + Table.CHUNK.at("?4", "inode = ?1 AND number BETWEEN ?2 AND ?3")
                    + ") ORDER BY number");

    /// How many pages a chunk holds.
    static final String BITS = "(held & 1) + (held >> 1 & 1) + (held >> 2 & 1) + (held >> 3 & 1)";

    /// Whether a snapshot has a chunk's piece.
    static final String IS_KEPT =
            "EXISTS (SELECT * FROM past_chunk k WHERE k.inode = c.inode"
                    + " AND k.number = c.number AND k.piece = c.piece)";

    /// Pages that an inode takes of the quota.
    private static final String TAKEN = "pages + (ifnull(length(extended), 0) + 4095) / 4096";

    final String text;

    Sql(String text) {
        this.text = text;
    }
}
