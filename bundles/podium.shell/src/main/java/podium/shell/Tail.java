package podium.shell;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Keeps the last bytes written to it. Thread-safe.
final class Tail extends OutputStream {

    static final int LIMIT = 64 << 10;

    private byte[] kept = new byte[1024];
    private int size;

    @Override
    public synchronized void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
        if (length >= LIMIT) {
            kept = Arrays.copyOfRange(bytes, from + length - LIMIT, from + length);
            size = LIMIT;
            return;
        }
        int keep = Math.min(size, LIMIT - length);
        if (keep + length > kept.length)
            kept = Arrays.copyOf(kept, Math.min(LIMIT, Math.max(kept.length * 2, keep + length)));
        System.arraycopy(kept, size - keep, kept, 0, keep);
        System.arraycopy(bytes, from, kept, keep, length);
        size = keep + length;
    }

    synchronized String text() {
        return new String(kept, 0, size, StandardCharsets.UTF_8);
    }
}
