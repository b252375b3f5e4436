package podium.engine;

import org.jspecify.annotations.Nullable;

/// Resolves a module's imports, once per instance.
@FunctionalInterface
public interface Imports {

    /// The value for an import: a [HostFunction], [Memory], [Table], [Global] or [Tag], of the
    /// import's type. Null says that nobody provides it; for a memory import alone, null lets the
    /// engine make a fresh memory.
    @Nullable Extern resolve(ImportType wanted);

    /// A memory for one that the module declares itself, in its order: a fresh one, of the declared
    /// minimum and no larger a maximum. Null lets the engine make it.
    default @Nullable Memory memory(MemoryType declared) {
        return null;
    }

    /// The most pages of 64 KiB that the memories which the engine itself makes for the instance
    /// may
    /// have together, whatever the module declares. Growth beyond gives -1; a module that starts
    /// with more is an [OutOfMemoryException].
    default int memoryLimit() {
        return 65_536;
    }

    /// The most elements that the tables which the instance makes itself may have together. Growth
    /// beyond gives -1; a module that starts with more is an [OutOfMemoryException]. Engines have a
    /// limit of their own, which may be lower.
    default int tableLimit() {
        return 10_000_000;
    }

    /// The most bytes of stack that calls in the instance may take together, as the engine
    /// estimates the frames of functions, at least 100 bytes each; so it is a limit on their depth.
    /// Deeper ones are a [Trap] of kind `STACK_OVERFLOW`. What the thread has is a limit anyway.
    default long stackLimit() {
        return Long.MAX_VALUE;
    }

    /// What the instance, its start function included, may execute; null for no limit. Asked for
    /// once. Only modules of [Engine#loadMetered(ModuleSource)] count it; to give it to others is
    /// an
    /// `IllegalArgumentException`.
    default @Nullable Fuel fuel() {
        return null;
    }
}
