package podium.kernel.gate;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.ValueType;
import podium.syscall.Errno;

/// Writes a line for each system call, in the manner of strace(1).
///
/// Thread-safe: lines of several tasks do not mix.
public final class Tracer {

    private final Appendable out;
    private boolean broken;

    public Tracer(Appendable out) {
        this.out = out;
    }

    /// A call returned.
    void finished(Caller task, SyscallGate gate, long[] arguments, long result) {
        line(task, gate, arguments, result(gate, result));
    }

    /// A call never returns.
    void unfinished(Caller task, SyscallGate gate, long[] arguments) {
        line(task, gate, arguments, "?");
    }

    /// A signal is handled.
    public void signal(Caller task, String name, boolean handled) {
        write("[" + task.tid() + "] --- " + name + (handled ? " (handler)" : "") + " ---\n");
    }

    /// A process ended.
    public void ended(int pid, String how) {
        write("[" + pid + "] +++ " + how + " +++\n");
    }

    private void line(Caller task, SyscallGate gate, long[] arguments, String result) {
        var line = new StringBuilder(96).append('[').append(task.tid()).append("] ");
        boolean linux = gate.module().equals(GateTable.LINUX);
        if (!linux) line.append(gate.module()).append('.');
        line.append(gate.name()).append('(');
        var kinds = linux ? SyscallTable.kinds(gate.name()) : null;
        appendArguments(line, task, gate, kinds, arguments, result);
        write(line.append(") = ").append(result).append('\n').toString());
    }

    private static void appendArguments(
            StringBuilder line,
            Caller task,
            SyscallGate gate,
            @Nullable List<String> kinds,
            long[] arguments,
            String result) {
        int count = kinds != null ? Math.min(kinds.size(), arguments.length) : arguments.length;
        for (int i = 0; i < count; i++) {
            if (i > 0) line.append(", ");
            if (kinds != null)
                TraceText.append(line, task.memory(), kinds.get(i), arguments, i, result);
            else appendNumber(line, gate.type().parameters().get(i), arguments[i]);
        }
    }

    private static void appendNumber(StringBuilder line, ValueType type, long bits) {
        switch (type) {
            case F32 -> line.append(Bits.asfloat(bits));
            case F64 -> line.append(Bits.asdouble(bits));
            case I64 -> line.append(bits);
            default -> TraceText.appendNumber(line, (int) bits);
        }
    }

    private static String result(SyscallGate gate, long result) {
        if (gate.type().results().isEmpty()) return "void";
        var errno = result < 0 && result > -4096 ? Errno.of((int) -result) : null;
        if (errno != null) return "-1 " + errno.name() + " (" + errno.text() + ")";
        var error = gate.errors().name(result);
        if (error != null) return error;
        var text = new StringBuilder();
        appendNumber(text, gate.type().results().getFirst(), result);
        return text.toString();
    }

    private synchronized void write(String line) {
        if (broken) return;
        try {
            out.append(line);
            if (out instanceof java.io.Flushable f) f.flush();
        } catch (IOException e) {
            broken = true; // whoever wanted the trace has gone; the guest goes on
        }
    }
}
