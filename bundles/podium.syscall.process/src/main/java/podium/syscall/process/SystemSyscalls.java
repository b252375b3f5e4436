package podium.syscall.process;

import java.nio.ByteBuffer;
import org.osgi.service.component.annotations.Component;
import podium.syscall.Clock;
import podium.syscall.Credentials;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.LinuxString;
import podium.syscall.ResourceLimit;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// What the machine is and what a process may use of it (uname(2), sysinfo(2), prlimit(2)).
@Component(service = SyscallFamily.class)
public final class SystemSyscalls implements SyscallFamily {

    private static final int FIELD = 65;
    private static final int SYSINFO_SIZE = 64;
    private static final int HOST_NAME_MAX = 64;

    private static final int RUSAGE_SELF = 0;
    private static final int RUSAGE_CHILDREN = -1;
    private static final int RUSAGE_THREAD = 1;

    @Override
    public String module() {
        return "linux";
    }

    @Export
    public int uname(Task task, GuestMemory memory, int buffer) {
        memory.clear(buffer, 6 * FIELD);
        var fields =
                new String[] {
                    "Linux",
                    task.process().pod().hostname(),
                    "6.12.0",
                    "#1 Podium",
                    "wasm32",
                    "(none)"
                };
        for (int i = 0; i < fields.length; i++)
            memory.put(buffer + i * FIELD, LinuxString.encode(fields[i]));
        return 0;
    }

    @Export
    public int sethostname(Task task, GuestMemory memory, int name, int length) {
        if (task.process().credentials().euid() != 0) return Errno.EPERM.negated();
        if (Integer.compareUnsigned(length, HOST_NAME_MAX) > 0) return Errno.EINVAL.negated();
        task.process().pod().setHostname(memory.string(name, length));
        return 0;
    }

    /// The memory is the limit of one process: what the host has besides is none of its business.
    @Export
    public int sysinfo(Task task, GuestMemory memory, int info) {
        var process = task.process();
        long total = process.limits().memory();
        long free = Math.max(0, total - process.addressSpace().mapped());
        memory.clear(info, SYSINFO_SIZE);
        memory.putInt(info, (int) (Clock.monotonic() / 1_000_000_000));
        memory.putInt(info + 16, (int) (total >> 12));
        memory.putInt(info + 20, (int) (free >> 12));
        memory.putShort(info + 40, (short) process.pod().processes().size());
        memory.putInt(info + 52, 4096);
        return 0;
    }

    @Export
    public int getrusage(Task task, GuestMemory memory, int who, int usage) {
        var process = task.process();
        switch (who) {
            case RUSAGE_SELF, RUSAGE_THREAD ->
                    Structs.writeUsage(
                            memory, usage, process.cpuTime(), process.addressSpace().mapped());
            case RUSAGE_CHILDREN -> Structs.writeUsage(memory, usage, 0, 0);
            default -> {
                return Errno.EINVAL.negated();
            }
        }
        return 0;
    }

    @Export
    public int prlimit64(
            Task task, GuestMemory memory, int pid, int resource, int wanted, int old) {
        var process = ProcessSyscalls.find(task, pid);
        var who = task.process().credentials();
        boolean privileged = who.euid() == 0;
        if (process != task.process() && !privileged && !isOf(process.credentials(), who))
            return Errno.EPERM.negated();
        var before = process.limit(resource);
        if (wanted != 0) {
            long soft = memory.getLong(wanted);
            long hard = memory.getLong(wanted + 8);
            if (Long.compareUnsigned(soft, hard) > 0) return Errno.EINVAL.negated();
            process.setLimit(resource, new ResourceLimit(soft, hard), privileged);
        }
        if (old != 0) {
            memory.putLong(old, before.soft());
            memory.putLong(old + 8, before.hard());
        }
        return 0;
    }

    private static boolean isOf(Credentials process, Credentials who) {
        return who.uid() == process.euid()
                && who.uid() == process.suid()
                && who.uid() == process.uid()
                && who.gid() == process.egid()
                && who.gid() == process.sgid()
                && who.gid() == process.gid();
    }

    @Export
    public int getcpu(GuestMemory memory, int cpu, int node, int unused) {
        if (cpu != 0) memory.putInt(cpu, 0);
        if (node != 0) memory.putInt(node, 0);
        return 0;
    }

    /// Hands out no more than what the size says, zero-filled to whole words.
    @Export
    public int sched_getaffinity(Task task, int pid, ByteBuffer mask) {
        ProcessSyscalls.find(task, pid);
        int cpus = Runtime.getRuntime().availableProcessors();
        int bytes = (cpus + 31) / 32 * 4;
        if (mask.remaining() < bytes || mask.remaining() % 4 != 0) return Errno.EINVAL.negated();
        for (int i = 0; i < bytes; i++) {
            int bits = Math.min(8, Math.max(0, cpus - 8 * i));
            mask.put((byte) ((1 << bits) - 1));
        }
        return bytes;
    }
}
