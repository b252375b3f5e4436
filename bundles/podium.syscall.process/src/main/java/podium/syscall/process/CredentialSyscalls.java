package podium.syscall.process;

import java.util.ArrayList;
import java.util.function.UnaryOperator;
import org.osgi.service.component.annotations.Component;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// User and group numbers (credentials(7)).
@Component(service = SyscallFamily.class)
public final class CredentialSyscalls implements SyscallFamily {

    /// Leave as it is.
    private static final int KEEP = -1;

    @Override
    public String module() {
        return "linux";
    }

    @Export
    public int getuid(Task task) {
        return task.process().credentials().uid();
    }

    @Export
    public int geteuid(Task task) {
        return task.process().credentials().euid();
    }

    @Export
    public int getgid(Task task) {
        return task.process().credentials().gid();
    }

    @Export
    public int getegid(Task task) {
        return task.process().credentials().egid();
    }

    @Export
    public int getresuid(Task task, GuestMemory memory, int real, int effective, int saved) {
        var now = task.process().credentials();
        memory.putInt(real, now.uid());
        memory.putInt(effective, now.euid());
        memory.putInt(saved, now.suid());
        return 0;
    }

    @Export
    public int getresgid(Task task, GuestMemory memory, int real, int effective, int saved) {
        var now = task.process().credentials();
        memory.putInt(real, now.gid());
        memory.putInt(effective, now.egid());
        memory.putInt(saved, now.sgid());
        return 0;
    }

    @Export
    public int setuid(Task task, int uid) {
        boolean all = isSuperuser(task);
        return setresuid(task, all ? uid : KEEP, uid, all ? uid : KEEP);
    }

    @Export
    public int setgid(Task task, int gid) {
        boolean all = isSuperuser(task);
        return setresgid(task, all ? gid : KEEP, gid, all ? gid : KEEP);
    }

    @Export
    public int setreuid(Task task, int real, int effective) {
        var now = task.process().credentials();
        boolean saves = real != KEEP || (effective != KEEP && effective != now.uid());
        int saved = saves ? (effective == KEEP ? now.euid() : effective) : KEEP;
        return setresuid(task, real, effective, saved);
    }

    @Export
    public int setregid(Task task, int real, int effective) {
        var now = task.process().credentials();
        boolean saves = real != KEEP || (effective != KEEP && effective != now.gid());
        int saved = saves ? (effective == KEEP ? now.egid() : effective) : KEEP;
        return setresgid(task, real, effective, saved);
    }

    @Export
    public int setresuid(Task task, int real, int effective, int saved) {
        return change(
                task,
                c -> {
                    boolean any = c.euid() == 0;
                    return new Credentials(
                            pick(any, real, c.uid(), c.uid(), c.euid(), c.suid()),
                            pick(any, effective, c.euid(), c.uid(), c.euid(), c.suid()),
                            pick(any, saved, c.suid(), c.uid(), c.euid(), c.suid()),
                            c.gid(),
                            c.egid(),
                            c.sgid(),
                            c.groups());
                });
    }

    @Export
    public int setresgid(Task task, int real, int effective, int saved) {
        return change(
                task,
                c -> {
                    boolean any = c.euid() == 0;
                    return new Credentials(
                            c.uid(),
                            c.euid(),
                            c.suid(),
                            pick(any, real, c.gid(), c.gid(), c.egid(), c.sgid()),
                            pick(any, effective, c.egid(), c.gid(), c.egid(), c.sgid()),
                            pick(any, saved, c.sgid(), c.gid(), c.egid(), c.sgid()),
                            c.groups());
                });
    }

    /// The wanted number, if one may become it.
    private static int pick(boolean any, int wanted, int now, int real, int effective, int saved) {
        if (wanted == KEEP) return now;
        if (any || wanted == real || wanted == effective || wanted == saved) return wanted;
        throw Errno.EPERM.exception();
    }

    private static int change(Task task, UnaryOperator<Credentials> how) {
        var process = task.process();
        process.setCredentials(how.apply(process.credentials()));
        return 0;
    }

    /// Which user file access is checked for follows the effective one; it is returned, never set.
    @Export
    public int setfsuid(Task task, int uid) {
        return task.process().credentials().euid();
    }

    @Export
    public int setfsgid(Task task, int gid) {
        return task.process().credentials().egid();
    }

    @Export
    public int getgroups(Task task, GuestMemory memory, int count, int list) {
        var groups = task.process().credentials().groups();
        if (count == 0) return groups.size();
        if (count < groups.size()) return Errno.EINVAL.negated();
        for (int i = 0; i < groups.size(); i++) memory.putInt(list + 4 * i, groups.get(i));
        return groups.size();
    }

    @Export
    public int setgroups(Task task, GuestMemory memory, int count, int list) {
        if (!isSuperuser(task)) return Errno.EPERM.negated();
        if (count < 0 || count > Credentials.MAX_GROUPS) return Errno.EINVAL.negated();
        var groups = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) groups.add(memory.getInt(list + 4 * i));
        if (groups.contains(KEEP)) return Errno.EINVAL.negated();
        return change(
                task,
                c ->
                        new Credentials(
                                c.uid(), c.euid(), c.suid(), c.gid(), c.egid(), c.sgid(), groups));
    }

    private static boolean isSuperuser(Task task) {
        return task.process().credentials().euid() == 0;
    }
}
