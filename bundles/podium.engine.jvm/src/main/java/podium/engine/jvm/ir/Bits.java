package podium.engine.jvm.ir;

/// A set of small numbers of fixed capacity.
public final class Bits {

    final long[] words;

    Bits(int capacity) {
        words = new long[(capacity + 63) >> 6];
    }

    private Bits(long[] words) {
        this.words = words;
    }

    Bits copy() {
        return new Bits(words.clone());
    }

    void add(int i) {
        words[i >> 6] |= 1L << i;
    }

    void remove(int i) {
        words[i >> 6] &= ~(1L << i);
    }

    public boolean contains(int i) {
        return (words[i >> 6] >>> i & 1) != 0;
    }

    void addAll(Bits other) {
        for (int i = 0; i < words.length; i++) words[i] |= other.words[i];
    }

    void removeAll(Bits other) {
        for (int i = 0; i < words.length; i++) words[i] &= ~other.words[i];
    }

    boolean intersects(Bits other) {
        for (int i = 0; i < words.length; i++) if ((words[i] & other.words[i]) != 0) return true;
        return false;
    }

    int size() {
        int n = 0;
        for (long word : words) n += Long.bitCount(word);
        return n;
    }

    /// Number of members below one.
    int rank(int i) {
        int n = Long.bitCount(words[i >> 6] & (1L << i) - 1);
        for (int w = 0; w < i >> 6; w++) n += Long.bitCount(words[w]);
        return n;
    }

    /// The members, ascending.
    public int[] toArray() {
        var members = new int[size()];
        int n = 0;
        for (int i = 0; i < words.length; i++)
            for (long word = words[i]; word != 0; word &= word - 1)
                members[n++] = i << 6 | Long.numberOfTrailingZeros(word);
        return members;
    }

    /// The members of both sets, ascending.
    public static int[] common(Bits a, Bits b) {
        var both = a.copy();
        for (int i = 0; i < both.words.length; i++) both.words[i] &= b.words[i];
        return both.toArray();
    }
}
