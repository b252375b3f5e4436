package podium.kernel.frozen;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.syscall.Credentials;
import podium.syscall.Grant;

/// What a process has open, where it stands and as whom.
///
/// @param root, directory absolute paths in the pod
/// @param files the open file descriptions
/// @param descriptors that refer to them, ascending
/// @param unread what was taken from its input and it has not read yet
public record FrozenFiles(
        String root,
        String directory,
        int umask,
        Credentials credentials,
        List<FrozenFile> files,
        List<Descriptor> descriptors,
        byte[] unread) {

    private static final int MAX_FILES = 1 << 20;
    private static final int MAX_UNREAD = 1 << 20;

    /// A descriptor.
    ///
    /// @param file an index into the files
    /// @param grant what it allows, if that is less than the file does
    public record Descriptor(int number, int file, boolean closeOnExec, @Nullable Grant grant) {

        void writeTo(DataOutputStream out) throws IOException {
            out.writeInt(number);
            out.writeInt(file);
            out.writeBoolean(closeOnExec);
            out.writeBoolean(grant != null);
            if (grant == null) return;
            out.writeLong(grant.rights());
            out.writeLong(grant.inheriting());
            var name = grant.name();
            out.writeBoolean(name != null);
            if (name != null) Fields.putText(out, name);
        }

        static Descriptor readFrom(DataInputStream in) throws IOException {
            return new Descriptor(
                    in.readInt(),
                    in.readInt(),
                    in.readBoolean(),
                    in.readBoolean()
                            ? new Grant(
                                    in.readLong(),
                                    in.readLong(),
                                    in.readBoolean() ? Fields.text(in) : null)
                            : null);
        }
    }

    /// @throws IllegalArgumentException a descriptor refers to no file, or they do not ascend
    public FrozenFiles {
        int last = -1;
        for (var descriptor : descriptors) {
            if (descriptor.number <= last)
                throw new IllegalArgumentException("descriptors out of order");
            if (descriptor.file < 0 || descriptor.file >= files.size())
                throw new IllegalArgumentException(
                        "descriptor " + descriptor.number + " of no file");
            last = descriptor.number;
        }
    }

    void writeTo(DataOutputStream out) throws IOException {
        Fields.putText(out, root);
        Fields.putText(out, directory);
        out.writeInt(umask);
        out.writeInt(credentials.uid());
        out.writeInt(credentials.euid());
        out.writeInt(credentials.suid());
        out.writeInt(credentials.gid());
        out.writeInt(credentials.egid());
        out.writeInt(credentials.sgid());
        Fields.putList(out, credentials.groups(), DataOutputStream::writeInt);
        Fields.putList(out, files, FrozenFile::put);
        Fields.putList(out, descriptors, (to, descriptor) -> descriptor.writeTo(to));
        Fields.putBytes(out, unread);
    }

    static FrozenFiles readFrom(DataInputStream in) throws IOException {
        return new FrozenFiles(
                Fields.text(in),
                Fields.text(in),
                in.readInt(),
                new Credentials(
                        in.readInt(),
                        in.readInt(),
                        in.readInt(),
                        in.readInt(),
                        in.readInt(),
                        in.readInt(),
                        Fields.list(in, Credentials.MAX_GROUPS, DataInputStream::readInt)),
                Fields.list(in, MAX_FILES, FrozenFile::read),
                Fields.list(in, MAX_FILES, Descriptor::readFrom),
                Fields.bytes(in, MAX_UNREAD));
    }
}
