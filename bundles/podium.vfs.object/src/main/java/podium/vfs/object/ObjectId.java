package podium.vfs.object;

/// Which object: a writer's pack of content, or an entry of the log.
///
/// @param epoch of the writer; an entry's sequence number
/// @param number of the pack, from 0 on; [#ENTRY]
record ObjectId(long epoch, int number) {

    /// In place of a pack's number.
    static final int ENTRY = -1;

    static final String LOG = "log/";
    static final String PACKS = "pack/";

    static ObjectId entry(long sequence) {
        return new ObjectId(sequence, ENTRY);
    }

    boolean isEntry() {
        return number == ENTRY;
    }

    String key() {
        return isEntry()
                ? "%s%016x".formatted(LOG, epoch)
                : "%s%016x-%08x".formatted(PACKS, epoch, number);
    }

    /// @return the sequence number in an entry's key, or -1 for other objects
    static long sequence(String key) {
        if (!key.matches(LOG + "[0-7][0-9a-f]{15}")) return -1;
        return Long.parseLong(key.substring(LOG.length()), 16);
    }

    /// @return the epoch in a pack's key, or -1 for other objects
    static long epoch(String key) {
        if (!key.matches(PACKS + "[0-7][0-9a-f]{15}-[0-7][0-9a-f]{7}")) return -1;
        return Long.parseLong(key.substring(PACKS.length(), PACKS.length() + 16), 16);
    }
}
