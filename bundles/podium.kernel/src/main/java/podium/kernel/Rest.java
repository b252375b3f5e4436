package podium.kernel;

import podium.engine.OutOfMemoryException;
import podium.syscall.Pollable;

/// Programs that come to rest to be frozen, and go on without their frames: see
/// [podium.syscall.Process#rest].
final class Rest {

    /// Where a thawed one begins.
    static final String EXPORT = "_thaw";

    private Rest() {}

    /// Whether a process's program is such a one.
    static boolean knows(GuestProcess process) {
        var image = process.imageOrNull();
        return image != null
                && image.program().module().exports().stream()
                        .anyMatch(export -> export.name().equals(EXPORT));
    }

    static int rest(GuestTask task) {
        if (task.kept() instanceof Checkpoint given) {
            if (given.decision().readiness() == 0) return await(task, given);
            given.settle(task);
            return 0;
        }
        var wish = task.process().checkpoint();
        if (wish == null || !wish.open() || !give(task, wish)) return 0;
        task.keep(wish);
        return await(task, wish);
    }

    private static int await(GuestTask task, Checkpoint wish) {
        return task.blockUninterruptibly(wish.decision(), Pollable.IN);
    }

    private static boolean give(GuestTask task, Checkpoint wish) {
        var bar = Capture.barAtRest(task);
        if (bar != null) {
            wish.refuse(bar);
            return false;
        }
        try {
            return wish.give(Capture.atRest(task));
        } catch (UnsupportedOperationException | OutOfMemoryException e) {
            wish.refuse(String.valueOf(e.getMessage()));
            return false;
        }
    }
}
