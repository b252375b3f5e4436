package podium.vfs.store;

/// The thread that commits what nobody syncs, and moves content together.
final class Ticker implements AutoCloseable {

    private final Store store;
    private final Thread thread;
    private boolean ended;

    private Ticker(Store store) {
        this.store = store;
        thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("store " + store.disk.name())
                        .unstarted(this::run);
    }

    static Ticker start(Store store) {
        var ticker = new Ticker(store);
        ticker.thread.start();
        return ticker;
    }

    private void run() {
        while (pause()) store.tick();
    }

    private synchronized boolean pause() {
        long end = System.nanoTime() + store.limits.interval() * 1_000_000L;
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
