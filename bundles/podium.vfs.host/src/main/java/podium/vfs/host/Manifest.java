package podium.vfs.host;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import podium.syscall.LinuxString;
import podium.vfs.backend.ExtendedAttributes;

/// The file that says what a snapshot's tree is: all but the content of files. Big-endian: a magic
/// number, what [HostTree.Head] has, the inodes, a CRC-32C of all that.
final class Manifest {

    /// `podsnap1`.
    private static final long MAGIC = 0x706f_6473_6e61_7031L;

    private static final int NAME_MAX = 255;
    private static final int TARGET_MAX = 4096;

    private Manifest() {}

    static void write(HostTree tree, OutputStream file) throws IOException {
        var checked = new CheckedOutputStream(new BufferedOutputStream(file), new CRC32C());
        var out = new DataOutputStream(checked);
        var head = tree.head();
        out.writeLong(MAGIC);
        out.writeLong(head.taken());
        out.writeLong(head.inodes());
        out.writeLong(head.bytes());
        for (var one : tree.inodes()) write(one, out);
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    private static void write(Kept one, DataOutputStream out) throws IOException {
        write(one.status(), out);
        out.writeLong(one.content());
        out.writeBoolean(one.settled());
        write(one.extended().encode(), out);
        write(LinuxString.encode(one.target()), out);
        out.writeInt(one.names().size());
        for (var name : one.names()) {
            write(LinuxString.encode(name.name()), out);
            out.writeInt(name.inode());
        }
    }

    private static void write(Status is, DataOutputStream out) throws IOException {
        out.writeLong(is.id().inode());
        out.writeInt(is.mode());
        out.writeInt(is.links());
        out.writeInt(is.uid());
        out.writeInt(is.gid());
        out.writeLong(is.device());
        out.writeLong(is.size());
        out.writeLong(is.blocks());
        out.writeLong(is.accessed());
        out.writeLong(is.modified());
        out.writeLong(is.changed());
        out.writeLong(is.born());
    }

    private static void write(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static HostTree.Head head(InputStream file) throws IOException {
        return head(new DataInputStream(new BufferedInputStream(file, 64)));
    }

    private static HostTree.Head head(DataInputStream in) throws IOException {
        if (in.readLong() != MAGIC) throw damaged();
        return new HostTree.Head(in.readLong(), in.readLong(), in.readLong());
    }

    /// @param device of the inodes
    /// @throws IOException it is damaged, or cannot be read
    static HostTree read(InputStream file, long device) throws IOException {
        var checked = new CheckedInputStream(new BufferedInputStream(file), new CRC32C());
        var in = new DataInputStream(checked);
        var head = head(in);
        HostTree.checkRoom(head.inodes());
        var inodes = new ArrayList<Kept>();
        for (long i = 0; i < head.inodes(); i++) inodes.add(kept(in, device));
        long sum = checked.getChecksum().getValue();
        if (in.readLong() != sum || inodes.isEmpty()) throw damaged();
        for (var one : inodes)
            for (var name : one.names())
                if (name.inode() < 0 || name.inode() >= inodes.size()) throw damaged();
        return new HostTree(head.taken(), inodes);
    }

    private static Kept kept(DataInputStream in, long device) throws IOException {
        var status = status(in, device);
        long content = in.readLong();
        boolean settled = in.readBoolean();
        ExtendedAttributes extended;
        try {
            extended = ExtendedAttributes.decode(bytes(in, ExtendedAttributes.MOST));
        } catch (IllegalArgumentException e) {
            throw new IOException("it is damaged", e);
        }
        var target = LinuxString.decode(bytes(in, TARGET_MAX));
        int count = in.readInt();
        var names = count == 0 ? List.<Kept.Name>of() : new ArrayList<Kept.Name>();
        for (int i = 0; i < count; i++)
            names.add(new Kept.Name(LinuxString.decode(bytes(in, NAME_MAX)), in.readInt()));
        return new Kept(status, extended, target, names, content, settled);
    }

    private static Status status(DataInputStream in, long device) throws IOException {
        return new Status(
                0,
                new Status.Id(device, in.readLong()),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong());
    }

    private static byte[] bytes(DataInputStream in, int most) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > most) throw damaged();
        return in.readNBytes(length);
    }

    private static IOException damaged() {
        return new IOException("it is damaged");
    }
}
