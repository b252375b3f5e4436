package podium.syscall;

import org.jspecify.annotations.Nullable;

/// A service that exports functions to guests: the methods annotated with [Export], as imports of
/// one WebAssembly import module. Linux system calls are such functions of the module `linux`; a
/// third party picks a module name of its own.
///
/// Several families may serve one module. For each exported name and WebAssembly type the family
/// with the highest service ranking wins; a method may be overloaded. A family may be registered,
/// replaced and unregistered while guests run:
/// calls in progress finish on the old one, later ones go to the new one, and calls that find none
/// wait for a while before they fail with `ENOSYS`.
///
/// Exported methods are called by many threads at once.
///
/// Java parameters stand for WebAssembly parameters like this:
///
/// | Java | WebAssembly |
/// |---|---|
/// | [Task] | none: the calling guest thread |
/// | [GuestMemory] | none: its memory |
/// | `int`, `long`, `float`, `double` | `i32`, `i64`, `f32`, `f64` |
/// | `java.nio.ByteBuffer` | `i32` address, `i32` length: a little-endian view, `EFAULT` when out
/// of bounds |
/// | [CString] `String` | `i32` address of a NUL-terminated string |
/// | [Utf8] `String` | `i32` address, `i32` length |
///
/// A method returns `void`, `int`, `long`, `float` or `double`. An [ErrnoException] becomes the
/// number that [#errors()] has for it in a method that returns `int` or `long`. Any other exception
/// is a defect: it is logged and the guest gets `EIO`.
public interface SyscallFamily {

    /// The import module, such as `linux`. Constant.
    String module();

    /// How guests of this import module are told of errors. Constant, and the same for all families
    /// of a module. Without one, negated numbers.
    default ErrorNumbers errors() {
        return ErrorNumbers.NEGATED;
    }

    /// A program that imports from this module was loaded and is about to begin: what it is to find
    /// is made ready here, such as descriptors. Called by the program's first task, before any of
    /// its code runs. Of several families of a module, each is called.
    ///
    /// @throws ErrnoException the program cannot begin; it is ended
    default void begin(Task task) {}

    /// What the family has of a process that would be lost if that was frozen, and with it ended:
    /// a timer, say.
    ///
    /// @return why it cannot be frozen, as in "it has a timer", or null
    default @Nullable String holds(Process process) {
        return null;
    }

    /// What the family keeps for a process's program by [Handles], so that a process can be made
    /// that has it, too. Of all families of a module, one may have something. Called by a task of
    /// the process, while no other runs.
    ///
    /// @return in a form of its own; null for nothing
    /// @throws UnsupportedOperationException that cannot be; the message says why, as in "it has a
    ///     timer"
    default byte @Nullable [] freeze(Process process) {
        return null;
    }

    /// Makes what [#freeze] took, for another process, under the same numbers. Called before its
    /// task runs.
    ///
    /// @param task of that process; its memory is as it was
    /// @param state from whoever it is
    /// @throws ErrnoException `EINVAL`: it is nothing of the kind, or does not fit; `ENOSYS`: the
    ///     engine cannot do that
    default void thaw(Task task, byte[] state) {
        throw Errno.ENOSYS.exception();
    }
}
