package podium.syscall.fs;

import org.osgi.service.component.annotations.Component;
import podium.syscall.CString;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.OpenFile;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;
import podium.vfs.MountNamespace;

/// inotify(7).
@Component(service = SyscallFamily.class)
public final class InotifySyscalls implements SyscallFamily {

    private static final int IN_ONLYDIR = 0x0100_0000;
    private static final int IN_DONT_FOLLOW = 0x0200_0000;
    private static final int READ = 4;

    @Override
    public String module() {
        return "linux";
    }

    @Export("inotify_init1")
    public int init(Task task, int flags) {
        Places.only(flags, OpenFile.O_CLOEXEC | OpenFile.O_NONBLOCK);
        var file = new Inotify(flags & OpenFile.O_NONBLOCK);
        return task.files().add(file, (flags & OpenFile.O_CLOEXEC) != 0);
    }

    @Export("inotify_add_watch")
    public int addWatch(Task task, int fd, @CString String path, int mask) {
        int both = Inotify.MASK_ADD | Inotify.MASK_CREATE;
        if ((mask & both) == both) return Errno.EINVAL.negated();
        var inotify = instance(task, fd);
        boolean follow = (mask & IN_DONT_FOLLOW) == 0;
        int flags = follow ? 0 : MountNamespace.AT_SYMLINK_NOFOLLOW;
        var place = Places.resolve(task, Places.AT_FDCWD, path, flags);
        if ((mask & IN_ONLYDIR) != 0 && !place.attributes().isDirectory())
            return Errno.ENOTDIR.negated();
        Places.namespace(task).access(task.process().fs(), place, READ, true);
        return inotify.add(place, mask);
    }

    @Export("inotify_rm_watch")
    public int removeWatch(Task task, int fd, int watch) {
        return instance(task, fd).remove(watch);
    }

    private static Inotify instance(Task task, int fd) {
        if (task.files().get(fd) instanceof Inotify inotify) return inotify;
        throw Errno.EINVAL.exception();
    }
}
