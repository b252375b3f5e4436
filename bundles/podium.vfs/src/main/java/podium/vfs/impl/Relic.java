package podium.vfs.impl;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.Mode;
import podium.vfs.Node;

/// What is left of an inode that no file system has any more, for those who still know it: its
/// attributes perhaps, and an error for all else. By identity: there may be many alike.
abstract class Relic {

    private final @Nullable Attributes last;
    final Errno errno;

    private Relic(@Nullable Attributes last, Errno errno) {
        this.last = last;
        this.errno = errno;
    }

    /// Of one that was removed, and is not open. In a directory there is nothing any more
    /// (`ENOENT`); all else is out of date (`ESTALE`).
    static Node of(Inode inode) {
        try {
            return of(inode.attributes());
        } catch (ErrnoException _) {
            int type =
                    switch (inode) {
                        case RegularInode _ -> Mode.REGULAR;
                        case DirectoryInode _ -> Mode.DIRECTORY;
                        case LinkInode _ -> Mode.LINK;
                        case SpecialInode _ -> Mode.FIFO;
                    };
            return of(Attributes.of(0, type, 0, 0, 0));
        }
    }

    private static Node of(Attributes last) {
        var attributes =
                new Attributes(
                        last.inode(),
                        last.mode(),
                        0,
                        last.uid(),
                        last.gid(),
                        last.device(),
                        last.size(),
                        0,
                        last.accessed(),
                        last.modified(),
                        last.changed(),
                        last.born());
        return switch (Mode.type(last.mode())) {
            case Mode.DIRECTORY -> new Directory(attributes, Errno.ENOENT);
            case Mode.REGULAR -> new Regular(attributes, Errno.ESTALE);
            case Mode.LINK -> new Link(attributes, Errno.ESTALE);
            default -> new Special(attributes, Errno.ESTALE);
        };
    }

    /// Of one whose whole file system is gone: every use is `EIO`.
    static Node lost(Inode inode) {
        return switch (inode) {
            case DirectoryInode _ -> new Directory(null, Errno.EIO);
            case RegularInode _ -> new Regular(null, Errno.EIO);
            case LinkInode _ -> new Link(null, Errno.EIO);
            case SpecialInode _ -> new Special(null, Errno.EIO);
        };
    }

    public final Attributes attributes() {
        if (last == null) throw errno.exception();
        return last;
    }

    public final void change(AttributeChange change) {
        throw errno.exception();
    }

    public final List<String> extendedAttributes() {
        if (last == null) throw errno.exception();
        return List.of();
    }

    public final byte @Nullable [] extendedAttribute(String name) {
        if (last == null) throw errno.exception();
        return null;
    }

    public final void setExtendedAttribute(String name, byte @Nullable [] value) {
        throw errno.exception();
    }

    private static final class Special extends Relic implements Node.Special {

        Special(@Nullable Attributes last, Errno errno) {
            super(last, errno);
        }
    }

    private static final class Link extends Relic implements Node.Link {

        Link(@Nullable Attributes last, Errno errno) {
            super(last, errno);
        }

        @Override
        public String target() {
            throw errno.exception();
        }
    }

    private static final class Regular extends Relic implements Node.Regular {

        Regular(@Nullable Attributes last, Errno errno) {
            super(last, errno);
        }

        @Override
        public int read(ByteBuffer into, long position) {
            throw errno.exception();
        }

        @Override
        public int write(ByteBuffer from, long position) {
            throw errno.exception();
        }

        @Override
        public long append(ByteBuffer from) {
            throw errno.exception();
        }

        @Override
        public void truncate(long size) {
            throw errno.exception();
        }

        @Override
        public void sync(boolean dataOnly) {
            throw errno.exception();
        }

        @Override
        public void opened() {
            throw errno.exception();
        }

        @Override
        public void openedForWriting() {
            throw errno.exception();
        }
    }

    private static final class Directory extends Relic implements Node.Directory {

        Directory(@Nullable Attributes last, Errno errno) {
            super(last, errno);
        }

        @Override
        public @Nullable Node lookup(String name) {
            throw errno.exception();
        }

        @Override
        public Node.Regular create(String name, int mode, int uid, int gid) {
            throw errno.exception();
        }

        @Override
        public Node.Directory createDirectory(String name, int mode, int uid, int gid) {
            throw errno.exception();
        }

        @Override
        public Node.Link createLink(String name, String target, int uid, int gid) {
            throw errno.exception();
        }

        @Override
        public Node.Special createSpecial(String name, int mode, long device, int uid, int gid) {
            throw errno.exception();
        }

        @Override
        public Node.Regular createUnnamed(int mode, int uid, int gid) {
            throw errno.exception();
        }

        @Override
        public void link(String name, Node existing) {
            throw errno.exception();
        }

        @Override
        public void unlink(String name) {
            throw errno.exception();
        }

        @Override
        public void removeDirectory(String name) {
            throw errno.exception();
        }

        @Override
        public void rename(String name, Node.Directory to, String newName, boolean exchange) {
            throw errno.exception();
        }

        @Override
        public List<Node.Entry> entries(long cookie, int limit) {
            throw errno.exception();
        }
    }
}
