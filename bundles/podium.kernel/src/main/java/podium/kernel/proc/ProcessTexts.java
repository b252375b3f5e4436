package podium.kernel.proc;

import java.util.stream.Collectors;
import podium.kernel.PodTable;
import podium.syscall.AddressSpace;
import podium.syscall.Clock;
import podium.syscall.Credentials;
import podium.syscall.Process;
import podium.syscall.ResourceLimit;
import podium.syscall.Task;

/// Texts about one process, in the formats of proc(5).
final class ProcessTexts {

    /// Nanoseconds in a clock tick.
    private static final long TICK = 10_000_000;

    /// What a mount's source is shown as: it may name something of the host.
    private static final String SOURCE = "none";

    private final Process process;

    ProcessTexts(Process process) {
        this.process = process;
    }

    String name() {
        return shortName() + "\n";
    }

    /// A task's comm.
    static String name(Task task) {
        return shortened(task.name()) + "\n";
    }

    private String shortName() {
        return shortened(process.name());
    }

    private static String shortened(String name) {
        return name.length() > 15 ? name.substring(0, 15) : name;
    }

    String commandLine() {
        var line = new StringBuilder();
        for (var argument : process.arguments()) line.append(argument).append('\0');
        return line.toString();
    }

    private long pages() {
        return process.addressSpace().mapped() / AddressSpace.PAGE;
    }

    String memoryPages() {
        return pages() + " " + pages() + " 0 0 0 " + pages() + " 0\n";
    }

    /// proc_pid_stat(5): 52 fields, 0 where nothing fits.
    String stat() {
        var fields = new long[53];
        fields[4] = process.parent();
        fields[5] = process.group();
        fields[6] = process.session();
        fields[8] = -1; // tpgid
        fields[14] = process.cpuTime() / TICK;
        fields[18] = 20; // priority
        fields[20] = PodTable.tasks(process).size();
        fields[22] = Math.max(0, Clock.monotonic() - process.elapsed()) / TICK;
        fields[23] = process.addressSpace().mapped();
        fields[24] = pages();
        fields[25] = process.limits().memory();
        fields[38] = 17; // the signal at its end
        var text = new StringBuilder();
        text.append(process.pid()).append(" (").append(shortName()).append(") R");
        for (int i = 4; i <= 52; i++) text.append(' ').append(fields[i]);
        return text.append('\n').toString();
    }

    String status() {
        var who = process.credentials();
        long kilobytes = process.addressSpace().mapped() >> 10;
        return """
        Name:\t%s
        Umask:\t%04o
        State:\tR (running)
        Tgid:\t%d
        Pid:\t%d
        PPid:\t%d
        TracerPid:\t0
        Uid:\t%d\t%d\t%d\t%d
        Gid:\t%d\t%d\t%d\t%d
        FDSize:\t%d
        Groups:\t%s
        VmPeak:\t%8d kB
        VmSize:\t%8d kB
        VmHWM:\t%8d kB
        VmRSS:\t%8d kB
        Threads:\t%d
        """
                .formatted(
                        shortName(),
                        process.fs().umask(),
                        process.pid(),
                        process.pid(),
                        process.parent(),
                        who.uid(),
                        who.euid(),
                        who.suid(),
                        who.euid(),
                        who.gid(),
                        who.egid(),
                        who.sgid(),
                        who.egid(),
                        process.files().limit(),
                        groups(who),
                        kilobytes,
                        kilobytes,
                        kilobytes,
                        kilobytes,
                        PodTable.tasks(process).size());
    }

    /// Each with a space behind it, as Linux writes them.
    private static String groups(Credentials who) {
        return who.groups().stream()
                .map(group -> Integer.toUnsignedString(group) + " ")
                .collect(Collectors.joining());
    }

    /// Names and units of resource limits, by their numbers.
    private static final String[][] LIMITS = {
        {"cpu time", "seconds"},
        {"file size", "bytes"},
        {"data size", "bytes"},
        {"stack size", "bytes"},
        {"core file size", "bytes"},
        {"resident set", "bytes"},
        {"processes", "processes"},
        {"open files", "files"},
        {"locked memory", "bytes"},
        {"address space", "bytes"},
        {"file locks", "locks"},
        {"pending signals", "signals"},
        {"msgqueue size", "bytes"},
        {"nice priority", ""},
        {"realtime priority", ""},
        {"realtime timeout", "us"},
    };

    String limits() {
        var text = new StringBuilder(limit("Limit", "Soft Limit", "Hard Limit", "Units"));
        for (int i = 0; i < LIMITS.length; i++) {
            var limit = process.limit(i);
            var name = "Max " + LIMITS[i][0];
            text.append(limit(name, number(limit.soft()), number(limit.hard()), LIMITS[i][1]));
        }
        return text.toString();
    }

    private static String limit(String name, String soft, String hard, String unit) {
        return "%-25s %-20s %-20s %-10s\n".formatted(name, soft, hard, unit);
    }

    private static String number(long limit) {
        return limit == ResourceLimit.INFINITY ? "unlimited" : Long.toUnsignedString(limit);
    }

    String mounts() {
        var text = new StringBuilder();
        for (var mounted : process.fs().namespace().mounts()) {
            var spec = mounted.spec();
            text.append(SOURCE).append(' ').append(escape(spec.target()));
            text.append(' ').append(spec.type()).append(spec.readOnly() ? " ro" : " rw");
            text.append(" 0 0\n");
        }
        return text.toString();
    }

    String mountInfo() {
        var text = new StringBuilder();
        int number = 1;
        for (var mounted : process.fs().namespace().mounts()) {
            var spec = mounted.spec();
            var access = spec.readOnly() ? "ro" : "rw";
            text.append(number).append(' ').append(number == 1 ? 0 : 1).append(" 0:");
            text.append(mounted.device()).append(" / ").append(escape(spec.target()));
            text.append(' ').append(access).append(" - ").append(spec.type()).append(' ');
            text.append(SOURCE).append(' ').append(access).append('\n');
            number++;
        }
        return text.toString();
    }

    private static String escape(String text) {
        return text.replace("\\", "\\134")
                .replace(" ", "\\040")
                .replace("\t", "\\011")
                .replace("\n", "\\012");
    }
}
