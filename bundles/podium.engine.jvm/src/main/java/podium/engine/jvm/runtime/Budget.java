package podium.engine.jvm.runtime;

/// The pages that the memories of an instance may have together, or the elements its tables may.
public final class Budget {

    private int left;

    public Budget(int units) {
        left = units;
    }

    /// @return whether there were so many
    public synchronized boolean take(long units) {
        if (units > left) return false;
        left -= (int) units;
        return true;
    }
}
