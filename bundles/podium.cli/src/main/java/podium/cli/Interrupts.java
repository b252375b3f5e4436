package podium.cli;

import java.util.List;
import java.util.function.IntConsumer;
import sun.misc.Signal;

/// The signals that ask this process to end: the guest is to get the very one, since programs treat
/// them differently. The JVM's own treatment, its shutdown hooks, does not tell which it was.
final class Interrupts {

    private static final List<String> NAMES = List.of("HUP", "INT", "TERM");

    private Interrupts() {}

    /// Calls back for each from now on, in place of what the JVM does. One that was ignored when
    /// this process started, as `nohup` does it, stays so.
    ///
    /// @param told gets the signal's number
    static void handle(IntConsumer told) {
        for (var name : NAMES)
            Signal.handle(new Signal(name), signal -> told.accept(signal.getNumber()));
    }
}
