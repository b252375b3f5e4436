package podium.syscall.fs;

import org.osgi.service.component.annotations.Component;
import podium.syscall.CString;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// System calls on mounts. What a pod mounts is its host's decision: a guest may take mounts away,
/// not make them. Neither may it do what concerns a whole machine.
@Component(service = SyscallFamily.class)
public final class MountSyscalls implements SyscallFamily {

    private static final int MNT_FORCE = 1;
    private static final int MNT_DETACH = 2;

    @Override
    public String module() {
        return "linux";
    }

    @Export
    public int mount(int source, int target, int type, int flags, int data) {
        return Errno.EPERM.negated();
    }

    @Export
    public int umount2(Task task, @CString String path, int flags) {
        Places.only(flags, MNT_FORCE | MNT_DETACH);
        var context = task.process().fs();
        context.namespace().unmount(context, path, (flags & MNT_DETACH) != 0);
        return 0;
    }

    @Export("pivot_root")
    public int pivotRoot(int newRoot, int oldRoot) {
        return Errno.EPERM.negated();
    }

    @Export
    public int swapon(int path, int flags) {
        return Errno.EPERM.negated();
    }

    @Export
    public int swapoff(int path) {
        return Errno.EPERM.negated();
    }

    @Export
    public int acct(int path) {
        return Errno.EPERM.negated();
    }

    @Export
    public int quotactl(int command, int device, int id, int address) {
        return Errno.EPERM.negated();
    }

    @Export
    public int vhangup() {
        return Errno.EPERM.negated();
    }
}
