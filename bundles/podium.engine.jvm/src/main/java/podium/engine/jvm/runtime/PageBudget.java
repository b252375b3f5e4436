package podium.engine.jvm.runtime;

/// The pages that the memories of an instance may have together.
public final class PageBudget {

    private int left;

    public PageBudget(int pages) {
        left = pages;
    }

    /// @return whether there were so many
    public synchronized boolean take(long pages) {
        if (pages > left) return false;
        left -= (int) pages;
        return true;
    }
}
