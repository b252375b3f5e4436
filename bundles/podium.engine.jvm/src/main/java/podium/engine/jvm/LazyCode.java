package podium.engine.jvm;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.engine.Trap.Kind;
import podium.engine.jvm.emit.ModuleCompiler;
import podium.engine.jvm.ir.TooComplex;
import podium.engine.jvm.runtime.Stop;

/// The classes of a module that is compiled while it runs. Java asks for a class when its first
/// function is first called: then it is compiled, unless it is already, as all are one after the
/// other in the background.
///
/// Whoever asks waits for another thread, since guest code may have left little of its own stack.
/// Nothing that goes wrong is an error of linking, which Java would remember: what failed for want
/// of memory may succeed at the next call.
///
/// Thread-safe.
final class LazyCode implements ClassSource {

    private static final Logger LOG = LoggerFactory.getLogger(LazyCode.class);

    /// Threads that somebody waits for.
    private static final ThreadFactory DEMANDED =
            Thread.ofPlatform()
                    .daemon()
                    .inheritInheritableThreadLocals(false)
                    .name("wasm-compiler")
                    .factory();

    private final String module;

    /// Classes around the functions', which are there from the start.
    private final Map<String, byte[]> others;

    private final List<String> names;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final AtomicReferenceArray<Task> tasks;

    /// Successes still to come.
    private final AtomicInteger left;

    /// Makes the class with a number; and what follows when all are made. Not needed after that.
    private volatile @Nullable IntFunction<byte[]> compiler;

    private volatile @Nullable Keeper keeper;

    /// How many functions' classes were known from the start.
    private final int known;

    /// Takes compiled classes for another time.
    interface Keeper {

        /// Takes all functions' classes.
        void keepAll(Map<String, byte[]> classes);

        /// Takes some, and those that needed no compiling.
        void keepSome(Map<String, byte[]> classes);
    }

    /// The code of a module. What may be refused, or takes long, is compiled now, if it was not
    /// another time.
    ///
    /// @param module its name
    /// @param compiler that has validated it, or goes on where another left off
    /// @param known the classes that there are: all but functions', and what was kept of those
    /// @param keeper takes the classes; null if nobody wants them
    /// @throws TooComplex a function or the module is too large
    LazyCode(
            String module,
            ModuleCompiler compiler,
            Map<String, byte[]> known,
            @Nullable Keeper keeper) {
        this(module, compiler.names(), compiler::compile, known, keeper);
        var large = List.copyOf(compiler.large());
        var compiled = compiler.compile(large);
        for (int i = 0; i < large.size(); i++) tasks.get(large.get(i)).give(compiled.get(i));
    }

    /// @param module its name
    /// @param names of the classes to compile, by number
    /// @param known classes that need no compiling; all that are not in `names` are
    /// @param keeper takes the classes; null if nobody wants them
    LazyCode(
            String module,
            List<String> names,
            IntFunction<byte[]> compiler,
            Map<String, byte[]> known,
            @Nullable Keeper keeper) {
        this.module = module;
        this.names = names;
        this.compiler = compiler;
        this.keeper = keeper;
        left = new AtomicInteger(names.size());
        tasks = new AtomicReferenceArray<>(names.size());
        others = new LinkedHashMap<>(known);
        for (int i = 0; i < names.size(); i++) {
            numbers.put(names.get(i), i);
            tasks.set(i, new Task(i));
            var bytes = others.remove(names.get(i));
            if (bytes != null) tasks.get(i).give(bytes);
        }
        this.known = known.size() - others.size();
    }

    /// The compilation of one class, which the first thread that comes does.
    private final class Task extends FutureTask<byte[]> {

        Task(int number) {
            super(() -> Objects.requireNonNull(compiler).apply(number));
        }

        void give(byte[] bytes) {
            set(bytes);
        }

        @Override
        protected void done() {
            if (state() == State.SUCCESS) {
                if (left.decrementAndGet() == 0) allDone();
            } else if (exceptionNow() instanceof TooComplex refused) {
                LOG.warn("{}: {}; to call it is a trap", module, refused.getMessage());
            } else if (!isPassing()) {
                LOG.error("{}: internal error of the engine", module, exceptionNow());
            }
        }

        /// Whether it failed for a reason that may be gone.
        boolean isPassing() {
            return state() == State.FAILED
                    && (exceptionNow() instanceof OutOfMemoryError
                            || exceptionNow() instanceof CancellationException);
        }
    }

    /// Classes that are not compiled yet.
    int left() {
        int compiled = 0;
        for (int i = 0; i < names.size(); i++)
            if (tasks.get(i).state() == Future.State.SUCCESS) compiled++;
        return names.size() - compiled;
    }

    // ---- in the background

    /// Compiles all that nobody asks for before. What nobody wants to keep is given up with the
    /// module.
    void compileAll(Executor background) {
        if (names.isEmpty()) background.execute(this::allDone);
        Supplier<@Nullable LazyCode> code =
                keeper != null ? () -> this : new WeakReference<>(this)::get;
        for (int i = 0; i < names.size(); i++) {
            int number = i;
            background.execute(
                    () -> {
                        var wanted = code.get();
                        if (wanted != null) wanted.task(number).run();
                    });
        }
    }

    private void allDone() {
        var keeper = this.keeper;
        this.keeper = null;
        compiler = null;
        if (keeper != null) keeper.keepAll(compiled());
    }

    /// Gives what is compiled to who keeps it, if not all is.
    void leaveOff() {
        var keeper = this.keeper;
        if (keeper == null) return;
        var compiled = compiled();
        if (compiled.size() == known) return;
        compiled.putAll(others);
        keeper.keepSome(compiled);
    }

    private Map<String, byte[]> compiled() {
        var classes = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < names.size(); i++) {
            var task = tasks.get(i);
            if (task.state() == Future.State.SUCCESS) classes.put(names.get(i), task.resultNow());
        }
        return classes;
    }

    // ---- when asked

    @Override
    public byte @Nullable [] bytes(String name) {
        var number = numbers.get(name);
        if (number == null) return others.get(name);
        var task = task(number);
        if (!task.isDone()) DEMANDED.newThread(task).start();
        return await(task);
    }

    private Task task(int number) {
        var task = tasks.get(number);
        if (!task.isPassing()) return task;
        tasks.compareAndSet(number, task, new Task(number));
        return tasks.get(number);
    }

    /// An interrupt of the thread is for the guest or its host; it waits, too.
    private static byte[] await(Task task) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private static Stop failure(@Nullable Throwable cause) {
        return new Stop(
                switch (cause) {
                    case OutOfMemoryError _ -> Kind.OUT_OF_MEMORY;
                    case TooComplex _ -> Kind.LIMIT;
                    case null, default -> Kind.INTERNAL;
                },
                cause);
    }
}
