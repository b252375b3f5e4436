package podium.engine;

import org.jspecify.annotations.Nullable;

/// Resolves a module's imports, once per instance.
@FunctionalInterface
public interface Imports {

    /// The value for an import: a [HostFunction], [Memory], [Table], [Global] or [Tag], of the
    /// import's type. Null says that nobody provides it; for a memory import alone, null lets the
    /// engine make a fresh memory.
    @Nullable Extern resolve(ImportType wanted);

    /// The most pages of 64 KiB that the memories which the engine itself makes for the instance
    /// may
    /// have together, whatever the module declares. Growth beyond gives -1; a module that starts
    /// with more is an [OutOfMemoryException].
    default int memoryLimit() {
        return 65_536;
    }
}
