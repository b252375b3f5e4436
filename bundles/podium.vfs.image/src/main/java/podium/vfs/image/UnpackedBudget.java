package podium.vfs.image;

import podium.vfs.Archives.Limits;

/// How much may come out of something compressed: no more than [Limits#DEFAULT] says of archives.
final class UnpackedBudget {

    /// Up to here the ratio does not count: small files may well be compressed far.
    private static final long FREE = 64 << 20;

    private final long most;
    private long sum;

    /// @param packed bytes it is compressed to
    UnpackedBudget(long packed) {
        most = most(packed);
    }

    /// @return in bytes
    static long most(long packed) {
        var limits = Limits.DEFAULT;
        long ratio = Math.min(packed, limits.bytes() / limits.ratio()) * limits.ratio();
        return Math.min(limits.bytes(), Math.max(FREE, ratio));
    }

    void add(long size) throws Refusal {
        if (size < 0 || size > most - sum)
            throw new Refusal(
                    "unpacked its files have more than %d bytes, the limit".formatted(most));
        sum += size;
    }
}
