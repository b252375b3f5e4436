package podium.testkit.fuzz;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import podium.engine.Engine;
import podium.engine.FunctionType;
import podium.engine.Global;
import podium.engine.GlobalType;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.OutOfMemoryException;
import podium.engine.Snapshot;
import podium.engine.Trap;
import podium.engine.ValueType;

/// What a module does on one engine, as lines that are the same on all of them: it is loaded,
/// instantiated, its exported functions are called, its state is looked at; and once more, thawed
/// from a snapshot.
final class Execution {

    /// A line that ends the comparison: what comes behind it may differ, as time and stack do.
    static final String OPEN_END = "...";

    static final String INVALID = "invalid";
    private static final String STARTED = "started";

    /// Pages a module may have, so that none takes long to be looked at.
    private static final int MOST_PAGES = 1_024;

    private static final int FUEL = 3_000;
    private static final int LONGEST_MS = 300;
    private static final int MOST_CALLS = 12;

    private static final ScheduledExecutorService INTERRUPTS =
            Executors.newSingleThreadScheduledExecutor(
                    task -> Thread.ofPlatform().daemon().name("interrupts").unstarted(task));

    /// @param refusal the message of the [ModuleException], if it was invalid
    /// @param snapshot of the instance at its end, if it came to it and can be frozen
    record Outcome(List<String> events, @Nullable String refusal, @Nullable Snapshot snapshot) {}

    private final Engine engine;
    private final long seed;
    private final List<String> events = new ArrayList<>();
    private @Nullable Snapshot snapshot;

    private Execution(Engine engine, long seed, @Nullable Snapshot snapshot) {
        this.engine = engine;
        this.seed = seed;
        this.snapshot = snapshot;
    }

    /// @param seed of the arguments
    /// @param snapshot another engine's of the same module, to be thawed instead of its own; or
    /// null
    /// @throws Defect something came out that the contract does not have
    static Outcome of(Engine engine, byte[] module, long seed, @Nullable Snapshot snapshot) {
        var execution = new Execution(engine, seed, snapshot);
        try {
            return execution.run(module);
        } catch (Defect defect) {
            throw defect;
        } catch (Throwable thrown) {
            throw new Defect(engine.name() + " throws " + thrown, thrown);
        }
    }

    private Outcome run(byte[] bytes) throws ModuleException {
        Module module;
        try {
            module = load(bytes);
        } catch (ModuleException e) {
            var message = checked(e);
            events.add(INVALID);
            return new Outcome(events, message, null);
        }
        events.add("valid");
        runTwice(module);
        return new Outcome(events, null, snapshot);
    }

    private Module load(byte[] bytes) throws ModuleException {
        return engine.load(ModuleSource.of("fuzz", bytes));
    }

    private String checked(Exception e) {
        var message = String.valueOf(e.getMessage());
        if (message.lines().count() != 1 || message.length() > 1_000)
            throw new Defect(engine.name() + " says in more than a line: " + message, e);
        return message;
    }

    private void runTwice(Module module) {
        run(host -> module.link(host, null));
        var frozen = snapshot;
        if (frozen == null || events.getLast().equals(OPEN_END)) return;
        run(host -> module.thaw(frozen, host, null));
    }

    private interface Start {
        Instance with(RandomHost host) throws LinkException;
    }

    private void run(Start start) {
        var host = new RandomHost(seed, events, MOST_PAGES);
        try (var instance = start.with(host)) {
            events.add("linked");
            events.add(interruptibly(instance, () -> start(instance)));
            if (!events.getLast().equals(STARTED)) return;
            calls(instance);
            if (events.getLast().equals(OPEN_END)) return;
            state(instance);
            freeze(instance);
        } catch (LinkException e) {
            checked(e);
            events.add("not linked");
        } catch (Trap trap) {
            events.add(ending(trap));
        } catch (OutOfMemoryException e) {
            checked(e);
            events.add(OPEN_END);
        }
    }

    // ---- calls

    private void calls(Instance instance) {
        var random = new Random(seed);
        int calls = 0;
        for (var export : instance.module().exports()) {
            if (!(export.type() instanceof FunctionType type)) continue;
            if (type.parameters().contains(ValueType.EXNREF)) continue;
            if (type.results().contains(ValueType.EXNREF) || calls++ == MOST_CALLS) continue;
            refuel(instance);
            var values = new RandomValues(random);
            var arguments = type.parameters().stream().map(values::value).toArray();
            var function = instance.function(export.name());
            if (function == null) throw new Defect(engine.name() + " misses an export", null);
            events.add(
                    export.name()
                            + ": "
                            + interruptibly(instance, () -> text(function.call(arguments))));
            if (events.getLast().endsWith(OPEN_END)) {
                events.add(OPEN_END);
                return;
            }
        }
    }

    private static void refuel(Instance instance) {
        if (instance.export(RandomModule.FUEL) instanceof Global fuel
                && fuel.type().equals(new GlobalType(ValueType.I32, true))) fuel.set(FUEL);
    }

    private static String start(Instance instance) {
        refuel(instance);
        instance.start();
        return STARTED;
    }

    private interface Action {
        String run();
    }

    /// @return what comes of it, or how it ends
    private String interruptibly(Instance instance, Action action) {
        var interrupt = INTERRUPTS.schedule(instance::interrupt, LONGEST_MS, TimeUnit.MILLISECONDS);
        try {
            return action.run();
        } catch (Trap trap) {
            return ending(trap);
        } catch (RandomHost.Failure failure) {
            return "host failure";
        } catch (OutOfMemoryException e) {
            return OPEN_END;
        } catch (IllegalArgumentException e) {
            checked(e); // more values than the engine lets pass
            return OPEN_END;
        } finally {
            interrupt.cancel(false);
        }
    }

    private String ending(Trap trap) {
        return switch (trap.kind()) {
            case INTERRUPTED, STACK_OVERFLOW, OUT_OF_MEMORY -> OPEN_END;
            case INTERNAL -> throw new Defect(engine.name() + " has an internal error", trap);
            // which of the two comes first is open, where both would
            case UNALIGNED_ATOMIC, MEMORY_OUT_OF_BOUNDS -> "trap: memory access";
            // not told apart by all engines, see Engine.Feature.EXACT_TRAPS
            case INTEGER_OVERFLOW, INVALID_CONVERSION -> "trap: conversion or overflow";
            case TABLE_OUT_OF_BOUNDS, UNDEFINED_ELEMENT -> "trap: beyond the table";
            default -> "trap: " + trap.kind();
        };
    }

    /// A value, or several. A NaN is as good as another.
    static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "-";
            case Object[] several ->
                    Arrays.stream(several).map(Execution::text).toList().toString();
            case podium.engine.Function function -> "function of " + function.type();
            default -> value.toString();
        };
    }

    // ---- state

    private void state(Instance instance) {
        for (var export : instance.module().exports())
            if (instance.export(export.name()) instanceof Global global
                    && global.type().value() != ValueType.EXNREF)
                events.add(export.name() + " = " + text(global.get()));
        var memory = instance.memory();
        if (memory != null) events.add(memory.pages() + " pages: " + hash(memory.segment()));
        if (instance.module().exports().isEmpty()) return;
        for (int i = 0; i < RandomModule.TABLE_SIZE + 4; i++)
            events.add("element: " + element(instance, i));
    }

    private String element(Instance instance, int index) {
        try {
            return text(instance.functionAt(index));
        } catch (Trap trap) {
            return ending(trap);
        }
    }

    private void freeze(Instance instance) {
        if (!engine.features().contains(Engine.Feature.SNAPSHOTS)) return;
        try {
            var frozen = instance.freeze();
            var tables = frozen.tables().stream().map(Arrays::toString).toList();
            var dropped =
                    Arrays.toString(frozen.droppedData())
                            + Arrays.toString(frozen.droppedElements());
            events.add("frozen: " + tables + dropped);
            if (snapshot == null) snapshot = frozen;
        } catch (UnsupportedOperationException e) {
            checked(e); // a reference to something of the host's
            events.add("not frozen");
        }
    }

    private static long hash(MemorySegment memory) {
        var hash = new CRC32C();
        hash.update(memory.asByteBuffer());
        return hash.getValue();
    }
}
