package podium.vfs.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.testkit.Backends;
import podium.testkit.Trees;
import podium.vfs.Mode;

/// Databases of older versions.
class UpgradeTest {

    @TempDir Path directory;
    private Path old;
    private String before;

    @BeforeEach
    void make() throws Exception {
        var file = directory.resolve("new.db");
        old = directory.resolve("old.db");
        try (var fs = Databases.open(file)) {
            var f = Backends.file(fs, "f", Backends.random(100_000, 1));
            f.setExtendedAttribute("user.a", new byte[] {1});
            f.allocate(1, 200_000, 50_000);
            var d = fs.root().createDirectory("d", 0750, 1, 2);
            d.link("again", f);
            d.createLink("l", "../f", 0, 0);
            d.createSpecial("null", Mode.CHARACTER | 0666, 0x0103, 0, 0);
            for (int i = 0; i < 50; i++) d.create("x" + i, 0644, 0, 0);
            for (int i = 0; i < 50; i++) d.unlink("x" + i);
            before = Trees.text(fs);
        }
        toFirst(file, old);
    }

    /// Makes one of version 1 that has what another one has.
    private static void toFirst(Path from, Path to) throws Exception {
        try (var old = new Session(NativeLibrary.connect(to, "mode=rwc", new Properties()));
                var fresh = new Session(NativeLibrary.connect(from, "mode=ro", new Properties()))) {
            old.execute("PRAGMA page_size = 4096");
            old.execute("BEGIN");
            Schema.makeTables(old, 1);
            for (var table : Table.SEALED) {
                var columns = new ArrayList<>(table.columns);
                columns.remove("crc");
                fresh.each(
                        row -> insert(old, table, columns, Table.values(row, columns)),
                        "SELECT * FROM " + table.title());
            }
            fresh.each(
                    row -> {
                        var columns = List.of("inode", "number", "held", "data", "crc");
                        var values = Table.values(row, columns);
                        values[4] = crc(row.getBytes("data"));
                        return insert(old, Table.CHUNK, columns, values);
                    },
                    "SELECT * FROM chunk JOIN piece ON id = piece");
            old.execute("UPDATE sqlite_sequence SET seq = 54 WHERE name = 'inode'");
            old.execute("COMMIT");
        }
    }

    private static boolean insert(
            Session to, Table table, List<String> columns, @Nullable Object[] values)
            throws SQLException {
        var insert =
                "INSERT INTO %s (%s) VALUES (?%s)"
                        .formatted(
                                table.title(),
                                String.join(", ", columns),
                                ", ?".repeat(values.length - 1));
        return to.execute(insert, values) == 1;
    }

    private static long crc(byte[] data) {
        var crc = new CRC32C();
        crc.update(data);
        return crc.getValue();
    }

    @Test
    void anOlderVersionBecomesThisOneWhenItIsMounted() throws Exception {
        try (var fs = Databases.mount(old)) {
            assertEquals(before, Trees.text(fs));
            // Numbers are not used twice, those included that nobody has any more.
            assertEquals(55, fs.root().create("x", 0644, 0, 0).attributes().inode());
        }
        assertEquals(Schema.VERSION, ByteBuffer.wrap(Files.readAllBytes(old)).getInt(60));
        Databases.check(old, 0);
        assertFalse(Files.exists(directory.resolve("old.db.fresh")));
    }

    @Test
    void anOlderVersionIsNotChangedByWhoMayNotWrite() throws Exception {
        var bytes = Files.readAllBytes(old);
        var message = Backends.refused(() -> Databases.mountReadOnly(old));
        assertTrue(message.contains("it is of version 1; where it is mounted"), message);
        Backends.refused(() -> Check.run(old, false, _ -> {}));
        assertEquals(ByteBuffer.wrap(bytes), ByteBuffer.wrap(Files.readAllBytes(old)));
    }

    @Test
    void anOlderVersionThatIsDamagedIsRefusedAndRepaired() throws Exception {
        Databases.sql(old, "UPDATE chunk SET data = zeroblob(length(data)) WHERE number = 1");
        var message = Backends.refused(() -> Databases.mount(old));
        assertTrue(message.contains("it is damaged"), message);
        var lines = new ArrayList<String>();
        assertTrue(Check.run(old, true, lines::add).repaired(), lines::toString);
        try (var fs = Databases.mount(old)) {
            var f = Backends.file(fs, "f");
            assertEquals(100_000, f.attributes().size());
            var buffer = ByteBuffer.allocate(Chunk.SIZE);
            f.read(buffer, Chunk.SIZE);
            assertEquals(ByteBuffer.allocate(Chunk.SIZE), buffer.flip());
            Backends.fails(Errno.EEXIST, () -> fs.root().create("d", 0644, 0, 0));
        }
    }

    /// Somebody's trigger would run with what a guest does.
    @Test
    void otherTablesOfAnOlderVersionAreRefused() throws Exception {
        Databases.sql(old, "CREATE VIEW v AS SELECT * FROM inode");
        var message = Backends.refused(() -> Databases.mount(old));
        assertTrue(message.contains("tables are not those of version 1"), message);
    }
}
