package podium.cli;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// HotSpot's threads that compile. What a guest does in its first seconds waits for the first
/// compiler, C1, and for the guest itself; the second, C2, has work for longer than that, some of
/// it in vain, as code that is new to a program takes ways that C2 left out. On two cores those
/// three compete, so C2 gives way: JavaScript does a quarter to a half more in its first second,
/// and no less after six. Only this program does that, whose JVM is its own.
final class CompilerThreads {

    private static final Path TASKS = Path.of("/proc/self/task");

    /// A thread's name as Linux cuts it off.
    private static final String SECOND = "C2 CompilerThre";

    /// More than the rest of the process has: a tenth of the processor where another thread wants
    /// it.
    static final int NICENESS = 10;

    /// See nice(2).
    static final int MOST = 19;

    private CompilerThreads() {}

    /// Lowers the priority of those of C2, where there is a Linux. Those that are made later are
    /// children of these, and inherit it.
    static void giveWay() {
        if (!Files.isDirectory(TASKS)) return;
        try (var tasks = Files.newDirectoryStream(TASKS)) {
            for (var task : tasks)
                if (name(task).startsWith(SECOND))
                    Priorities.lower(Long.parseLong(task.getFileName().toString()));
        } catch (IOException e) {
            // as fast as before
        }
    }

    /// @return nothing for one that has just ended
    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm"));
        } catch (IOException e) {
            return "";
        }
    }

    /// getpriority(2) and setpriority(2), in the shape of call that the engine has for all of its
    /// own: the JVM spins classes for each.
    private static final class Priorities {

        private static final long PRIO_PROCESS = 0;
        private static final long OWN = 0;

        private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
        private static final Linker LINKER = Linker.nativeLinker();
        private static final MethodHandle CALL =
                LINKER.downcallHandle(
                        FunctionDescriptor.of(WORD, WORD, WORD, WORD, WORD, WORD, WORD));

        static void lower(long thread) {
            int own = (int) call("getpriority", OWN, 0);
            call("setpriority", thread, Math.min(MOST, own + NICENESS));
        }

        private static long call(String name, long thread, long niceness) {
            var function = LINKER.defaultLookup().find(name);
            if (function.isEmpty()) return 0;
            try {
                return (long)
                        CALL.invokeExact(
                                function.get(), PRIO_PROCESS, thread, niceness, 0L, 0L, 0L);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
