package podium.syscall.fs;

import static podium.syscall.fs.Places.namespace;

import java.io.ByteArrayOutputStream;
import org.osgi.service.component.annotations.Component;
import podium.syscall.CString;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.LinuxString;
import podium.syscall.OpenFile;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;
import podium.vfs.Location;
import podium.vfs.MountNamespace;

/// Extended attributes (xattr(7)).
@Component(service = SyscallFamily.class)
public final class XattrSyscalls implements SyscallFamily {

    private static final int SIZE_MAX = 65_536;

    @Override
    public String module() {
        return "linux";
    }

    @Export
    public int setxattr(
            Task task,
            GuestMemory memory,
            @CString String path,
            @CString String name,
            int value,
            int size,
            int flags) {
        return set(task, memory, followed(task, path), name, value, size, flags);
    }

    @Export
    public int lsetxattr(
            Task task,
            GuestMemory memory,
            @CString String path,
            @CString String name,
            int value,
            int size,
            int flags) {
        return set(task, memory, itself(task, path), name, value, size, flags);
    }

    @Export
    public int fsetxattr(
            Task task,
            GuestMemory memory,
            int fd,
            @CString String name,
            int value,
            int size,
            int flags) {
        return set(task, memory, open(task, fd), name, value, size, flags);
    }

    private static int set(
            Task task,
            GuestMemory memory,
            Location place,
            String name,
            int value,
            int size,
            int flags) {
        if (Integer.compareUnsigned(size, SIZE_MAX) > 0) return Errno.E2BIG.negated();
        var bytes = memory.bytes(value, size);
        namespace(task).setExtendedAttribute(task.process().fs(), place, name, bytes, flags);
        return 0;
    }

    @Export
    public int getxattr(
            Task task,
            GuestMemory memory,
            @CString String path,
            @CString String name,
            int value,
            int size) {
        return get(task, memory, followed(task, path), name, value, size);
    }

    @Export
    public int lgetxattr(
            Task task,
            GuestMemory memory,
            @CString String path,
            @CString String name,
            int value,
            int size) {
        return get(task, memory, itself(task, path), name, value, size);
    }

    @Export
    public int fgetxattr(
            Task task, GuestMemory memory, int fd, @CString String name, int value, int size) {
        return get(task, memory, open(task, fd), name, value, size);
    }

    private static int get(
            Task task, GuestMemory memory, Location place, String name, int value, int size) {
        var bytes = namespace(task).extendedAttribute(task.process().fs(), place, name);
        return give(memory, bytes, value, size);
    }

    @Export
    public int listxattr(Task task, GuestMemory memory, @CString String path, int list, int size) {
        return list(task, memory, followed(task, path), list, size);
    }

    @Export
    public int llistxattr(Task task, GuestMemory memory, @CString String path, int list, int size) {
        return list(task, memory, itself(task, path), list, size);
    }

    @Export
    public int flistxattr(Task task, GuestMemory memory, int fd, int list, int size) {
        return list(task, memory, open(task, fd), list, size);
    }

    private static int list(Task task, GuestMemory memory, Location place, int list, int size) {
        var names = new ByteArrayOutputStream();
        for (var name : namespace(task).extendedAttributes(task.process().fs(), place)) {
            names.writeBytes(LinuxString.encode(name));
            names.write(0);
        }
        if (names.size() > SIZE_MAX) return Errno.E2BIG.negated();
        return give(memory, names.toByteArray(), list, size);
    }

    /// @param size 0 asks how much there is
    private static int give(GuestMemory memory, byte[] bytes, int to, int size) {
        if (size == 0) return bytes.length;
        if (Integer.compareUnsigned(size, bytes.length) < 0) return Errno.ERANGE.negated();
        memory.put(to, bytes);
        return bytes.length;
    }

    @Export
    public int removexattr(Task task, @CString String path, @CString String name) {
        return remove(task, followed(task, path), name);
    }

    @Export
    public int lremovexattr(Task task, @CString String path, @CString String name) {
        return remove(task, itself(task, path), name);
    }

    @Export
    public int fremovexattr(Task task, int fd, @CString String name) {
        return remove(task, open(task, fd), name);
    }

    private static int remove(Task task, Location place, String name) {
        namespace(task).removeExtendedAttribute(task.process().fs(), place, name);
        return 0;
    }

    private static Location followed(Task task, String path) {
        return Places.resolve(task, Places.AT_FDCWD, path, 0);
    }

    private static Location itself(Task task, String path) {
        return Places.resolve(task, Places.AT_FDCWD, path, MountNamespace.AT_SYMLINK_NOFOLLOW);
    }

    /// @throws podium.syscall.ErrnoException `EBADF`; `EOPNOTSUPP`: it is in no file system
    private static Location open(Task task, int fd) {
        var file = task.files().get(fd);
        if ((file.flags() & OpenFile.O_PATH) != 0) throw Errno.EBADF.exception();
        var place = file.location();
        if (place == null) throw Errno.EOPNOTSUPP.exception();
        return place;
    }
}
