package podium.syscall.fs;

import podium.syscall.Errno;
import podium.syscall.OpenFile;
import podium.syscall.Pollable;
import podium.syscall.SignalInfo;
import podium.syscall.Task;

/// How a write(2) goes on: one that may wait does until all is written, and a signal handler then
/// ends it with what was. A reader that has gone is SIGPIPE.
final class Writing {

    private static final int SIGPIPE = 13;
    private static final int SI_KERNEL = 0x80;

    private Writing() {}

    /// What earlier repetitions of this call have written.
    static int done(Task task) {
        return task.kept() instanceof Integer done ? done : 0;
    }

    /// After one attempt.
    ///
    /// @param count what the file said
    /// @param wanted how much there was to write in this attempt
    /// @return what the system call returns
    static int after(Task task, OpenFile file, int count, int wanted) {
        int before = done(task);
        if (count == Errno.EPIPE.negated() && before == 0)
            task.signals().send(new SignalInfo(SIGPIPE, SI_KERNEL, 0, 0, 0));
        if (count < 0 && count != Errno.EAGAIN.negated()) return before > 0 ? before : count;
        int done = before + Math.max(count, 0);
        if (count >= wanted) return done;
        if (file.nonBlocking() || isComplete(file, count))
            return done == 0 ? Math.min(count, 0) : done;
        task.keep(done);
        task.onInterrupt(() -> done > 0 ? done : Errno.EINTR.negated());
        return task.block(file, Pollable.OUT);
    }

    /// A short count of a file in a tree, such as at a limit, is the last word.
    private static boolean isComplete(OpenFile file, int count) {
        return count >= 0 && file.location() != null;
    }
}
