package podium.vfs.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import podium.vfs.image.bytes.Bytes;

/// Where the data of a sparse file of a tar belongs: all else is holes (GNU tar's manual, "Storing
/// Sparse Files").
///
/// @param size of the whole file
/// @param runs in their order, none within another
record SparseMap(long size, List<Run> runs) {

    /// A run of data.
    ///
    /// @param at where in the file
    record Run(long at, long length) {}

    private static final int OLD_RUNS = 386;
    private static final int OLD_EXTENDED = 482;
    private static final int OLD_SIZE = 483;

    /// Of runs; a map is kept in memory.
    private static final int MOST = 1 << 20;

    private static Refusal damaged() {
        return new Refusal("a sparse file's map in it is damaged");
    }

    /// @throws Refusal it makes no sense for so much data
    SparseMap checked(long data) throws Refusal {
        long end = 0;
        long sum = 0;
        for (var run : runs) {
            if (run.at < end || run.length < 0 || run.at > size || run.length > size - run.at)
                throw damaged();
            end = run.at + run.length;
            sum += run.length;
        }
        if (size < 0 || sum != data) throw damaged();
        return this;
    }

    private static void add(List<Run> runs, Run run) throws Refusal {
        if (runs.size() == MOST)
            throw new Refusal("a sparse file in it has more than " + MOST + " parts, the limit");
        // Empty ones only mark the end.
        if (run.length != 0) runs.add(run);
        else if (run.at < 0) throw damaged();
    }

    /// A map, and where the data begins behind it.
    record Placed(SparseMap map, long data) {}

    /// GNU's own form: in the header, and in blocks behind it.
    static Placed old(TarHeader header, Bytes bytes, long position) throws IOException {
        var runs = new ArrayList<Run>();
        addOld(header, OLD_RUNS, 4, runs);
        boolean more = header.block()[OLD_EXTENDED] != 0;
        for (; more; position += TarHeader.BLOCK) {
            var block = TarHeader.read(bytes, position);
            addOld(block, 0, 21, runs);
            more = block.block()[21 * 24] != 0;
        }
        return new Placed(new SparseMap(header.number(OLD_SIZE, 12), runs), position);
    }

    private static void addOld(TarHeader in, int at, int count, List<Run> to) throws Refusal {
        for (int i = at; i < at + 24 * count && in.block()[i] != 0; i += 24)
            add(to, new Run(in.number(i, 12), in.number(i + 12, 12)));
    }

    /// The forms of extended headers.
    ///
    /// @param start where the data of the entry begins
    /// @param length how much it is, a map in it included
    static Placed pax(PaxRecords records, Bytes bytes, long start, long length) throws IOException {
        if (records.has("GNU.sparse.major")) {
            if (records.number("GNU.sparse.major", 0) != 1)
                throw new Refusal("a sparse file in it is of a newer form than 1.0");
            return inData(records.number("GNU.sparse.realsize", -1), bytes, start, length);
        }
        long size = records.number("GNU.sparse.size", -1);
        var text = records.bytes("GNU.sparse.map");
        var runs = new ArrayList<Run>();
        if (text == null) for (var run : records.runs()) add(runs, run);
        else {
            var numbers = new String(text, StandardCharsets.ISO_8859_1).split(",", -1);
            if (numbers.length % 2 != 0) throw damaged();
            for (int i = 0; i < numbers.length; i += 2)
                add(runs, new Run(decimal(numbers[i]), decimal(numbers[i + 1])));
        }
        return new Placed(new SparseMap(size, runs), start);
    }

    /// In front of the data: the number of runs, and these, one number a line, in whole blocks.
    private static Placed inData(long size, Bytes bytes, long start, long length)
            throws IOException {
        var lines = new Lines(bytes, start, start + length);
        long count = lines.number();
        if (count > MOST)
            throw new Refusal("a sparse file in it has more than " + MOST + " parts, the limit");
        var runs = new ArrayList<Run>();
        for (long i = 0; i < count; i++) add(runs, new Run(lines.number(), lines.number()));
        return new Placed(new SparseMap(size, runs), lines.position);
    }

    private static long decimal(String text) throws Refusal {
        if (!text.matches("[0-9]{1,18}")) throw damaged();
        return Long.parseLong(text);
    }

    /// Numbers in lines.
    private static final class Lines {

        private final Bytes bytes;
        private final long end;
        private ByteBuffer block = ByteBuffer.allocate(0);

        /// Of the next block.
        private long position;

        Lines(Bytes bytes, long position, long end) {
            this.bytes = bytes;
            this.position = position;
            this.end = end;
        }

        long number() throws IOException {
            var text = new StringBuilder();
            for (; ; ) {
                if (!block.hasRemaining()) {
                    if (end - position < TarHeader.BLOCK) throw damaged();
                    block = bytes.read(position, TarHeader.BLOCK);
                    position += TarHeader.BLOCK;
                }
                byte b = block.get();
                if (b == '\n') return decimal(text.toString());
                if (text.length() == 18) throw damaged();
                text.append((char) b);
            }
        }
    }
}
