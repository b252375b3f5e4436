package podium.vfs.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import podium.vfs.sqlite.Rewrite.Source;

/// The rows of version 1, which had checksums of content alone, in the rows of its chunks, and no
/// snapshots.
///
/// @param rewrite what copies them
record FirstVersion(Rewrite rewrite) {

    private static final List<String> CHUNK = List.of("inode", "number", "held", "crc", "data");

    List<Source> sources() {
        var all = new ArrayList<Source>();
        for (var table : Table.SEALED) {
            var columns = new ArrayList<>(table.columns);
            columns.remove("crc");
            Rewrite.Copier copier = (row, source, to) -> copy(table, row, source, to);
            all.add(new Source(table.title(), columns, table.key, copier));
        }
        all.add(new Source("chunk", CHUNK, Table.CHUNK.key, this::copyChunk));
        return all;
    }

    private boolean copy(Table table, ResultSet row, Source source, Session to)
            throws SQLException {
        var columns = new ArrayList<>(source.columns());
        columns.addAll(List.of("crc", "since"));
        var values = new ArrayList<>(Arrays.asList(Table.values(row, source.columns())));
        values.addAll(List.of(table.checksum(row), 0));
        return rewrite.insert(to, table.title(), columns, values.toArray(), true);
    }

    private boolean copyChunk(ResultSet row, Source source, Session to) throws SQLException {
        boolean sound = Chunk.isFirstSound(row);
        rewrite.checkTolerated(sound);
        if (!sound) return false;
        long inode = row.getLong("inode");
        long number = row.getLong("number");
        int held = row.getInt("held");
        var data = row.getBytes("data");
        long piece = to.number(0, Sql.ADD_PIECE, (Object) data);
        long crc = Chunk.crc(inode, number, held, data);
        return to.run(Sql.SET_CHUNK, inode, number, held, crc, piece, 0) > 0;
    }
}
