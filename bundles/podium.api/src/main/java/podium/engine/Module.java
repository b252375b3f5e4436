package podium.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A validated, compiled module. Immutable and thread-safe; instances share its code.
public interface Module {

    /// The name its source gave.
    String name();

    /// The SHA-256 of its binary, lower-case hexadecimal.
    String sha256();

    /// What it needs, in the module's order.
    List<ImportType> imports();

    /// What it offers, in the module's order.
    List<ExportType> exports();

    /// The content of the first custom section of this name, or null.
    byte @Nullable [] customSection(String name);

    /// Makes an instance: binds the imports and evaluates segments. Nothing of the guest's runs
    /// yet; whoever calls this calls [Instance#start()] before anything else of the instance, and
    /// can stop that from another thread.
    ///
    /// @param imports answers every import of [#imports()]
    /// @param context handed as the first argument to every imported [HostFunction]
    /// @throws LinkException an import is missing or of another type; the message names all that
    ///     are
    /// @throws OutOfMemoryException the memory cannot be made
    /// @throws Trap a segment lies out of bounds
    Instance link(Imports imports, @Nullable Object context) throws LinkException;

    /// Makes an instance and runs its start function (core specification, section 4.5.4), which
    /// nothing can stop but [Imports#fuel()]: [#link] is for modules that are not trusted.
    ///
    /// @param imports answers every import of [#imports()]
    /// @param context handed as the first argument to every imported [HostFunction]
    /// @throws LinkException as [#link] has it
    /// @throws OutOfMemoryException the memory cannot be made
    /// @throws Trap a segment lies out of bounds, or the start function trapped
    default Instance instantiate(Imports imports, @Nullable Object context) throws LinkException {
        var instance = link(imports, context);
        boolean started = false;
        try {
            instance.start();
            started = true;
            return instance;
        } finally {
            if (!started) instance.close();
        }
    }

    /// Makes an instance that starts in a frozen state instead of evaluating segments and running
    /// the start function: [Instance#start()] does nothing. The module's own or imported memory
    /// takes the snapshot's size and content,
    /// privately: writes are not seen by other instances of the snapshot. An imported memory must
    /// come from [Imports] as a fresh one of [Engine#newMemory(MemoryType)] or, better, be left to
    /// the engine by answering null for it, so that pages can be shared with the snapshot until
    /// they are written. A window ([Memory#window]) keeps the content it has where the snapshot has
    /// none.
    ///
    /// @throws LinkException as above, or the snapshot is not one of this module
    /// @throws OutOfMemoryException the memory cannot be made
    Instance thaw(Snapshot snapshot, Imports imports, @Nullable Object context)
            throws LinkException;
}
