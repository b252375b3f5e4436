package podium.syscall.fs;

import org.osgi.service.component.annotations.Component;
import podium.syscall.CString;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;
import podium.vfs.MountNamespace;

/// Extended attributes (xattr(7)): no file system here has them, which these calls say as Linux
/// does, after they have looked at the path.
@Component(service = SyscallFamily.class)
public final class XattrSyscalls implements SyscallFamily {

    @Override
    public String module() {
        return "linux";
    }

    @Export
    public int setxattr(Task task, @CString String path, int name, int value, int size, int flags) {
        return unsupported(task, path, 0);
    }

    @Export
    public int lsetxattr(
            Task task, @CString String path, int name, int value, int size, int flags) {
        return unsupported(task, path, MountNamespace.AT_SYMLINK_NOFOLLOW);
    }

    @Export
    public int fsetxattr(Task task, int fd, int name, int value, int size, int flags) {
        return unsupported(task, fd);
    }

    @Export
    public int getxattr(Task task, @CString String path, int name, int value, int size) {
        return unsupported(task, path, 0);
    }

    @Export
    public int lgetxattr(Task task, @CString String path, int name, int value, int size) {
        return unsupported(task, path, MountNamespace.AT_SYMLINK_NOFOLLOW);
    }

    @Export
    public int fgetxattr(Task task, int fd, int name, int value, int size) {
        return unsupported(task, fd);
    }

    @Export
    public int listxattr(Task task, @CString String path, int list, int size) {
        Places.resolve(task, Places.AT_FDCWD, path, 0);
        return 0;
    }

    @Export
    public int llistxattr(Task task, @CString String path, int list, int size) {
        Places.resolve(task, Places.AT_FDCWD, path, MountNamespace.AT_SYMLINK_NOFOLLOW);
        return 0;
    }

    @Export
    public int flistxattr(Task task, int fd, int list, int size) {
        task.files().get(fd);
        return 0;
    }

    @Export
    public int removexattr(Task task, @CString String path, int name) {
        return unsupported(task, path, 0);
    }

    @Export
    public int lremovexattr(Task task, @CString String path, int name) {
        return unsupported(task, path, MountNamespace.AT_SYMLINK_NOFOLLOW);
    }

    @Export
    public int fremovexattr(Task task, int fd, int name) {
        return unsupported(task, fd);
    }

    private static int unsupported(Task task, String path, int flags) {
        Places.resolve(task, Places.AT_FDCWD, path, flags);
        return Errno.EOPNOTSUPP.negated();
    }

    private static int unsupported(Task task, int fd) {
        task.files().get(fd);
        return Errno.EOPNOTSUPP.negated();
    }
}
