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
                    + " modified, changed, born, cookie, target, crc)"
                    + " VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, 0, ?, ?) RETURNING id"),
    SET_INODE(
            "UPDATE inode SET mode = ?, uid = ?, gid = ?, links = ?, size = ?, pages = ?,"
                    + " reserves = ?, accessed = ?, modified = ?, changed = ?, cookie = ?,"
                    + " extended = ?, crc = ? WHERE id = ?"),
    FREE_INODE("DELETE FROM inode WHERE id = ?"),
    ORPHANS("SELECT id, " + Sql.TAKEN + " FROM inode WHERE links = 0"),
    TOTALS("SELECT count(*), total(" + Sql.TAKEN + ") FROM inode"),

    LOOKUP(
            "SELECT i.*, e.cookie AS place, e.crc AS seal FROM entry e JOIN inode i ON i.id = e.inode"
                    + " WHERE e.directory = ? AND e.name = ?"),
    COOKIE("SELECT cookie FROM entry WHERE directory = ? AND name = ?"),
    ENTRIES(
            "SELECT e.name, e.inode, i.mode, e.cookie, e.crc FROM entry e JOIN inode i ON i.id = e.inode"
                    + " WHERE e.directory = ? AND e.cookie > ? ORDER BY e.cookie LIMIT ?"),
    UP("SELECT directory, name FROM entry WHERE inode = ? LIMIT 1"),
    ADD_ENTRY("INSERT INTO entry (directory, name, cookie, inode, crc) VALUES (?, ?, ?, ?, ?)"),
    SET_ENTRY("UPDATE entry SET inode = ?, crc = ? WHERE directory = ? AND name = ?"),
    FREE_ENTRY("DELETE FROM entry WHERE directory = ? AND name = ?"),

    READ(
            "SELECT i.size, c.number, c.held, c.crc, c.data FROM inode i"
                    + " LEFT JOIN chunk c ON c.inode = i.id AND c.number BETWEEN ? AND ?"
                    + " WHERE i.id = ? ORDER BY c.number"),
    CHUNK("SELECT held, crc, data FROM chunk WHERE inode = ? AND number = ?"),
    SET_CHUNK(
            "INSERT INTO chunk (inode, number, held, crc, data) VALUES (?, ?, ?, ?, ?)"
                    + " ON CONFLICT (inode, number) DO UPDATE"
                    + " SET held = excluded.held, crc = excluded.crc, data = excluded.data"),
    HELD(
            "SELECT number, held FROM chunk"
                    + " WHERE inode = ? AND number BETWEEN ? AND ? ORDER BY number"),
    FREE_CHUNKS("DELETE FROM chunk WHERE inode = ? AND number BETWEEN ? AND ?"),
    SOME_CHUNK("SELECT number FROM chunk WHERE inode = ? ORDER BY number LIMIT 1 OFFSET ?"),

    RESERVED(
            "SELECT first, behind FROM reserved"
                    + " WHERE inode = ? AND first < ? AND behind > ? ORDER BY first"),
    ADD_RESERVED("INSERT INTO reserved (inode, first, behind, crc) VALUES (?, ?, ?, ?)"),
    FREE_RESERVED("DELETE FROM reserved WHERE inode = ? AND first < ? AND behind > ?");

    /// Pages that an inode takes of the quota.
    private static final String TAKEN = "pages + (ifnull(length(extended), 0) + 4095) / 4096";

    final String text;

    Sql(String text) {
        this.text = text;
    }
}
