package podium.engine;

import java.util.Set;

/// Turns WebAssembly binaries into runnable modules. A service: several engines may be registered
/// at once, the one with the highest service ranking is the default, and a pod may ask for one by
/// [#name()].
///
/// Semantics follow the WebAssembly core specification, 2.0, plus the proposals an engine names in
/// [#features()]. What an engine does not support it refuses in [#load(ModuleSource)], by name.
///
/// Thread-safe. Modules and instances stay usable after the service that made them is unregistered.
public interface Engine {

    /// The engine's short name, lower case, such as `jvm`. Constant.
    String name();

    /// What this engine supports beyond the core specification. Constant.
    Set<Feature> features();

    /// Validates a module and makes it runnable. A form prepared for this engine
    /// ([ModuleSource#prepared(String)]) is used when it is there and fits, which saves the
    /// compilation. Otherwise an engine may compile functions when they are first called; that the
    /// module is valid, and nothing in it beyond the engine's documented limits of size, is known
    /// before. What an engine can only find out by compiling is a trap of kind
    /// [Trap.Kind#LIMIT] where it is called.
    ///
    /// @throws ModuleException the bytes are not a valid module, or need something this engine
    ///     lacks; the message is one line and gives the offset where there is one
    Module load(ModuleSource source) throws ModuleException;

    /// The same for instances that count [Fuel]. They may be slower, so it is a form of its own,
    /// and
    /// one that was prepared need not be used.
    ///
    /// @throws ModuleException as above, or the engine lacks [Feature#FUEL]
    default Module loadMetered(ModuleSource source) throws ModuleException {
        throw new ModuleException(
                source.name() + ": the engine " + name() + " cannot limit fuel", -1);
    }

    /// Makes a linear memory outside any instance, to be imported by one or several.
    ///
    /// @throws OutOfMemoryException the address space or the host's memory cannot hold it
    Memory newMemory(MemoryType type);

    /// The stack a thread needs to call into this engine's instances, in bytes; 0 if any will do.
    /// On
    /// a thread with less, guest code runs on a thread of the engine's while the caller waits.
    default long callStack() {
        return 0;
    }

    /// Abilities beyond the core specification.
    enum Feature {
        /// Shared memories and atomic instructions.
        ATOMICS,
        /// Instances of one memory on several threads at once. Without it, instances that share a
        /// memory or are linked with one another are used by one thread at a time, all of them.
        THREADS,
        /// Exception handling as first standardised (`try`/`catch`/`delegate`).
        LEGACY_EXCEPTIONS,
        /// Exception handling with `exnref`. An engine that has both kinds may refuse a module that
        /// uses both.
        EXCEPTIONS,
        /// 128-bit vectors.
        SIMD,
        /// The vector instructions whose results the specification leaves a choice of.
        RELAXED_SIMD,
        /// `return_call` and `return_call_indirect`.
        TAIL_CALLS,
        /// More than one memory in a module.
        MULTIPLE_MEMORIES,
        /// [Memory#window(long, MemoryType, Memory.Growth)], and with it modules that a program of
        /// its runs itself.
        WINDOWS,
        /// Sums and products in constant expressions.
        EXTENDED_CONSTANTS,
        /// [Instance#freeze()] and thawing.
        SNAPSHOTS,
        /// [#loadMetered(ModuleSource)].
        FUEL,
        /// [Imports#stackLimit()] is kept.
        STACK_LIMIT,
        /// [Imports#tableLimit()] is kept. Without it, only the engine's own limit is.
        TABLE_LIMIT,
        /// Every [Trap.Kind] is told from every other. Without it, a conversion of too large a
        /// number
        /// may be an `INVALID_CONVERSION`, and an access beyond a table an `UNDEFINED_ELEMENT`.
        EXACT_TRAPS
    }
}
