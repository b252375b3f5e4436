package podium.vfs.object;

/// When what need not happen at once does.
///
/// @param tick milliseconds between looks at what there is to do
/// @param upload milliseconds that changes stay in the cache alone, when nobody syncs to the bucket
/// @param waiting bytes that stay there, at most
/// @param heartbeat milliseconds after which a writer that has nothing to say says so
/// @param lease seconds after which a writer that says nothing is taken for dead
/// @param entries of the log, after which there is a checkpoint
/// @param small bytes of an object that is not worth keeping apart; content of an entry at most
record Pace(int tick, int upload, long waiting, int heartbeat, int lease, int entries, int small) {

    static final Pace STANDARD = new Pace(1000, 5000, 32 << 20, 20_000, 60, 64, 1 << 20);
}
