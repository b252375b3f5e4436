package podium.engine;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/// The frozen state of an instance, in a form that any engine can thaw. Immutable.
///
/// @param sha256 of the module it was taken from
/// @param memories size and non-zero pages of each memory, imported ones too, in order
/// @param globals the values of the module's own globals, in order, as raw bits (references: a
///     function's index, or -1 for null; vectors: two numbers, the low half first)
/// @param tables the elements of the module's own tables, in order: function indices, -1 for null
/// @param droppedData which data segments were dropped
/// @param droppedElements which element segments were dropped
public record Snapshot(
        String sha256,
        List<MemoryImage> memories,
        long[] globals,
        List<int[]> tables,
        boolean[] droppedData,
        boolean[] droppedElements) {

    private static final int MAGIC = 0x504f4453; // "PODS"
    private static final int VERSION = 2;

    private static final int MAX_MEMORIES = 100;

    public Snapshot {
        memories = List.copyOf(memories);
    }

    /// Writes the snapshot: magic, version, and the fields in order, but the memories last;
    /// big-endian.
    public void writeTo(OutputStream stream) throws IOException {
        var out = new DataOutputStream(stream);
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeUTF(sha256);
        out.writeInt(globals.length);
        for (long global : globals) out.writeLong(global);
        out.writeInt(tables.size());
        for (int[] table : tables) {
            out.writeInt(table.length);
            for (int element : table) out.writeInt(element);
        }
        writeFlags(out, droppedData);
        writeFlags(out, droppedElements);
        out.writeInt(memories.size());
        for (var memory : memories) memory.writeTo(out);
        out.flush();
    }

    /// Reads what [#writeTo(OutputStream)] wrote.
    ///
    /// @throws IOException the stream ends early, is not a snapshot, or has counts beyond a
    ///     module's limits
    public static Snapshot readFrom(InputStream stream) throws IOException {
        var in = new DataInputStream(stream);
        if (in.readInt() != MAGIC) throw new IOException("not a snapshot");
        int version = in.readInt();
        if (version != VERSION)
            throw new IOException("a snapshot of version " + version + ", not " + VERSION);
        var sha256 = in.readUTF();
        var globals = new long[count(in, 1 << 20)];
        for (int i = 0; i < globals.length; i++) globals[i] = in.readLong();
        var tables = new int[count(in, 1 << 10)][];
        for (int i = 0; i < tables.length; i++) {
            tables[i] = new int[count(in, 10_000_000)];
            for (int j = 0; j < tables[i].length; j++) tables[i][j] = in.readInt();
        }
        var droppedData = readFlags(in);
        var droppedElements = readFlags(in);
        var memories = new MemoryImage[count(in, MAX_MEMORIES)];
        for (int i = 0; i < memories.length; i++) memories[i] = MemoryImage.readFrom(in);
        return new Snapshot(
                sha256, List.of(memories), globals, List.of(tables), droppedData, droppedElements);
    }

    private static void writeFlags(DataOutputStream out, boolean[] flags) throws IOException {
        out.writeInt(flags.length);
        for (boolean flag : flags) out.writeBoolean(flag);
    }

    private static boolean[] readFlags(DataInputStream in) throws IOException {
        var flags = new boolean[count(in, 1 << 20)];
        for (int i = 0; i < flags.length; i++) flags[i] = in.readBoolean();
        return flags;
    }

    private static int count(DataInputStream in, int limit) throws IOException {
        int n = in.readInt();
        if (n < 0 || n > limit)
            throw new IOException(
                    "a snapshot with " + n + " entries where at most " + limit + " fit");
        return n;
    }
}
