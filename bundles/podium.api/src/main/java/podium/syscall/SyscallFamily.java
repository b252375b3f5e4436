package podium.syscall;

/// A service that exports functions to guests: the methods annotated with [Export], as imports of
/// one WebAssembly import module. Linux system calls are such functions of the module `linux`; a
/// third party picks a module name of its own.
///
/// Several families may serve one module. For each exported name the family with the highest
/// service ranking wins. A family may be registered, replaced and unregistered while guests run:
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
/// A method returns `void`, `int`, `long`, `float` or `double`. An [ErrnoException] becomes a
/// negative number in a method that returns `int` or `long`. Any other exception is a defect: it is
/// logged and the guest gets `EIO`.
public interface SyscallFamily {

    /// The import module, such as `linux`. Constant.
    String module();
}
