package podium.vfs.backend;

/// A thread that does at times what need not be done at once, until it is closed.
public final class Ticker implements AutoCloseable {

    private final Runnable work;
    private final int interval;
    private final Thread thread;
    private boolean ended;

    private Ticker(String name, int interval, Runnable work) {
        this.work = work;
        this.interval = interval;
        thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    /// @param name of the thread
    /// @param interval milliseconds between the end of the work and the next time
    public static Ticker start(String name, int interval, Runnable work) {
        var ticker = new Ticker(name, interval, work);
        ticker.thread.start();
        return ticker;
    }

    private void run() {
        while (pause()) work.run();
    }

    private synchronized boolean pause() {
        long end = System.nanoTime() + interval * 1_000_000L;
        try {
            while (!ended) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) return true;
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /// Ends it, when what it does is done.
    @Override
    public void close() {
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive())
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
