package podium.kernel.gate;

/// A call in which the guest's frames were taken down, and how it goes on once they are there
/// again.
///
/// @param repeats whether it is made anew: it was waiting, and had done nothing yet
/// @param result what it answers otherwise, as raw bits
/// @param remaining nanoseconds that one which is made anew may still wait, or [Task#FOREVER]
public record PausedCall(boolean repeats, long result, long remaining) {

    static PausedCall ended(long result) {
        return new PausedCall(false, result, 0);
    }

    static PausedCall waiting(long remaining) {
        return new PausedCall(true, 0, remaining);
    }
}
