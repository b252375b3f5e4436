package podium.syscall;

/// A queued signal, the part of `siginfo_t` that is kept.
///
/// @param signal 1 to 64
/// @param code such as SI_USER (0)
/// @param pid of the sender
/// @param uid of the sender
/// @param value `si_value`, or the exit status for SIGCHLD
public record SignalInfo(int signal, int code, int pid, int uid, int value) {}
