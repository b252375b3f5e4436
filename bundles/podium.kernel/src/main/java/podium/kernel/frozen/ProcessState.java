package podium.kernel.frozen;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import podium.engine.Snapshot;
import podium.syscall.ResourceLimit;
import podium.syscall.SignalAction;

/// A process that was taken down at a system call, or at rest.
///
/// @param pid which its memory knows, so it keeps it
/// @param monotonic what its clock said
/// @param actions the dispositions of signals, from 1 on
/// @param limits of the resources that it can have less of than its pod
/// @param families what those keep for it, by their modules
/// @param mapped the pages of its address space that are in use, as bits
public record ProcessState(
        int pid,
        FrozenProgram program,
        FrozenFiles files,
        FrozenTask task,
        long monotonic,
        List<SignalAction> actions,
        List<ResourceLimit> limits,
        Map<String, byte[]> families,
        long[] mapped,
        Snapshot state) {

    private static final int MAGIC = 0x504f4450; // "PODP"
    private static final int VERSION = 2;
    private static final int SIGNALS = 64;
    private static final int MAX_FAMILIES = 16;

    /// Pages of 4 KiB in 4 GiB, 64 to a number.
    private static final int MAX_MAPPED = (1 << 20) / 64;

    /// Writes it: magic, version, and the fields in order; big-endian.
    public void writeTo(OutputStream stream) throws IOException {
        var out = new DataOutputStream(stream);
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeInt(pid);
        program.writeTo(out);
        files.writeTo(out);
        task.writeTo(out);
        out.writeLong(monotonic);
        Fields.putList(out, actions, ProcessState::put);
        Fields.putList(out, limits, ProcessState::put);
        out.writeInt(families.size());
        for (var each : families.entrySet()) {
            Fields.putText(out, each.getKey());
            Fields.putBytes(out, each.getValue());
        }
        out.writeInt(mapped.length);
        for (long bits : mapped) out.writeLong(bits);
        out.flush();
        state.writeTo(stream);
    }

    /// Reads what [#writeTo(OutputStream)] wrote.
    ///
    /// @throws IOException the stream ends early, or is no frozen process
    public static ProcessState readFrom(InputStream stream) throws IOException {
        var in = new DataInputStream(stream);
        if (in.readInt() != MAGIC) throw new IOException("it is no frozen process");
        int version = in.readInt();
        if (version != VERSION)
            throw new IOException("it is a frozen process of version " + version + ", not 2");
        try {
            return new ProcessState(
                    in.readInt(),
                    FrozenProgram.readFrom(in),
                    FrozenFiles.readFrom(in),
                    FrozenTask.readFrom(in),
                    in.readLong(),
                    Fields.list(in, SIGNALS, ProcessState::action),
                    Fields.list(in, ResourceLimit.RESOURCES, ProcessState::limit),
                    families(in),
                    mapped(in),
                    Snapshot.readFrom(in));
        } catch (IllegalArgumentException e) {
            throw new IOException("a frozen process with " + e.getMessage(), e);
        }
    }

    private static void put(DataOutputStream out, SignalAction action) throws IOException {
        out.writeInt(action.handler());
        out.writeInt(action.flags());
        out.writeInt(action.restorer());
        out.writeLong(action.mask());
    }

    private static SignalAction action(DataInputStream in) throws IOException {
        return new SignalAction(in.readInt(), in.readInt(), in.readInt(), in.readLong());
    }

    private static void put(DataOutputStream out, ResourceLimit limit) throws IOException {
        out.writeLong(limit.soft());
        out.writeLong(limit.hard());
    }

    private static ResourceLimit limit(DataInputStream in) throws IOException {
        return new ResourceLimit(in.readLong(), in.readLong());
    }

    private static Map<String, byte[]> families(DataInputStream in) throws IOException {
        var families = new LinkedHashMap<String, byte[]>();
        int count = Fields.count(in, MAX_FAMILIES);
        for (int i = 0; i < count; i++)
            families.put(Fields.text(in), Fields.bytes(in, Integer.MAX_VALUE));
        return families;
    }

    private static long[] mapped(DataInputStream in) throws IOException {
        var mapped = new long[Fields.count(in, MAX_MAPPED)];
        for (int i = 0; i < mapped.length; i++) mapped[i] = in.readLong();
        return mapped;
    }
}
