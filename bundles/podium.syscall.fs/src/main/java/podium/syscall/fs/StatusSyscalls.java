package podium.syscall.fs;

import static podium.syscall.fs.Places.namespace;

import org.osgi.service.component.annotations.Component;
import podium.syscall.CString;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;
import podium.vfs.Attributes;
import podium.vfs.Location;
import podium.vfs.MountNamespace;

/// System calls that tell about files and file systems.
@Component(service = SyscallFamily.class)
public final class StatusSyscalls implements SyscallFamily {

    private static final int AT_EACCESS = 0x200;
    private static final int AT_NO_AUTOMOUNT = 0x800;
    private static final int AT_STATX_SYNC = 0x6000;
    private static final int STATX_RESERVED = 0x8000_0000;
    private static final int STATX_KNOWN = 0x1fff;
    private static final int STATX_SIZE = 256;
    private static final int STATFS_SIZE = 88;
    private static final int ANON_INODE_FS_MAGIC = 0x0904_1934;
    private static final int PAGE = 4096;
    private static final int NAME_MAX = 255;
    private static final int ST_RDONLY = 1;
    private static final int ST_VALID = 0x20;
    private static final int ST_RELATIME = 0x1000;

    @Override
    public String module() {
        return "linux";
    }

    /// statx(2). All the basic fields are given, whatever the mask asks for.
    @Export
    public int statx(
            Task task,
            GuestMemory memory,
            int fd,
            @CString String path,
            int flags,
            int mask,
            int buffer) {
        Places.only(
                flags,
                MountNamespace.AT_SYMLINK_NOFOLLOW
                        | MountNamespace.AT_EMPTY_PATH
                        | AT_NO_AUTOMOUNT
                        | AT_STATX_SYNC);
        if ((mask & STATX_RESERVED) != 0 || (flags & AT_STATX_SYNC) == AT_STATX_SYNC)
            return Errno.EINVAL.negated();
        var file = Places.itself(task, fd, path, flags);
        if (file != null) {
            var place = file.location();
            put(memory, buffer, file.attributes(), place == null ? 0 : place.device());
        } else {
            var place = Places.resolve(task, fd, path, flags);
            put(memory, buffer, place.attributes(), place.device());
        }
        return 0;
    }

    /// Writes a `struct statx` (linux/stat.h).
    private static void put(GuestMemory memory, int to, Attributes of, long device) {
        memory.clear(to, STATX_SIZE);
        memory.putInt(to, STATX_KNOWN);
        memory.putInt(to + 4, PAGE);
        memory.putInt(to + 16, of.links());
        memory.putInt(to + 20, of.uid());
        memory.putInt(to + 24, of.gid());
        memory.putShort(to + 28, (short) of.mode());
        memory.putLong(to + 32, of.inode());
        memory.putLong(to + 40, of.size());
        memory.putLong(to + 48, of.blocks());
        putTime(memory, to + 64, of.accessed());
        putTime(memory, to + 80, of.born());
        putTime(memory, to + 96, of.changed());
        putTime(memory, to + 112, of.modified());
        memory.putInt(to + 128, major(of.device()));
        memory.putInt(to + 132, minor(of.device()));
        memory.putInt(to + 136, major(device));
        memory.putInt(to + 140, minor(device));
        memory.putLong(to + 144, device);
    }

    private static void putTime(GuestMemory memory, int to, long nanoseconds) {
        memory.putLong(to, Math.floorDiv(nanoseconds, 1_000_000_000L));
        memory.putInt(to + 8, (int) Math.floorMod(nanoseconds, 1_000_000_000L));
    }

    /// The halves of a number that makedev(3) packs.
    static int major(long device) {
        return (int) (device >>> 8 & 0xfff) | (int) (device >>> 32 & ~0xfff);
    }

    static int minor(long device) {
        return (int) (device & 0xff) | (int) (device >>> 12 & ~0xff);
    }

    @Export
    public int faccessat(Task task, int fd, @CString String path, int mode) {
        return faccessat2(task, fd, path, mode, 0);
    }

    @Export
    public int faccessat2(Task task, int fd, @CString String path, int mode, int flags) {
        Places.only(
                flags,
                AT_EACCESS | MountNamespace.AT_SYMLINK_NOFOLLOW | MountNamespace.AT_EMPTY_PATH);
        if ((mode & ~7) != 0) return Errno.EINVAL.negated();
        var place = Places.resolve(task, fd, path, flags);
        namespace(task).access(task.process().fs(), place, mode, (flags & AT_EACCESS) != 0);
        return 0;
    }

    @Export
    public int statfs64(Task task, GuestMemory memory, @CString String path, int size, int to) {
        return put(task, memory, Places.resolve(task, Places.AT_FDCWD, path, 0), size, to);
    }

    @Export
    public int fstatfs64(Task task, GuestMemory memory, int fd, int size, int to) {
        var place = task.files().get(fd).location();
        if (place != null) return put(task, memory, place, size, to);
        if (size != STATFS_SIZE) return Errno.EINVAL.negated();
        memory.clear(to, STATFS_SIZE);
        memory.putInt(to, ANON_INODE_FS_MAGIC);
        memory.putInt(to + 4, PAGE);
        memory.putInt(to + 56, NAME_MAX);
        memory.putInt(to + 60, PAGE);
        return 0;
    }

    /// Writes a `struct statfs64` (asm-generic/statfs.h).
    private static int put(Task task, GuestMemory memory, Location place, int size, int to) {
        if (size != STATFS_SIZE) return Errno.EINVAL.negated();
        var of = namespace(task).statistics(place);
        memory.clear(to, STATFS_SIZE);
        memory.putInt(to, (int) of.magic());
        memory.putInt(to + 4, of.blockSize());
        memory.putLong(to + 8, of.blocks());
        memory.putLong(to + 16, of.free());
        memory.putLong(to + 24, of.free());
        memory.putLong(to + 32, of.files());
        memory.putLong(to + 40, of.freeFiles());
        memory.putLong(to + 48, place.device());
        memory.putInt(to + 56, NAME_MAX);
        memory.putInt(to + 60, of.blockSize());
        memory.putInt(to + 64, ST_VALID | ST_RELATIME | (place.readOnly() ? ST_RDONLY : 0));
        return 0;
    }
}
