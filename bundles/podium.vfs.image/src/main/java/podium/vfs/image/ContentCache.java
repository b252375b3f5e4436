package podium.vfs.image;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/// Contents that were read lately, up to a number of bytes, and the latest one in any case.
/// Thread-safe.
final class ContentCache {

    private final long limit;
    private final LinkedHashMap<PackedContent, byte[]> contents =
            new LinkedHashMap<>(16, 0.75f, true);
    private long held;

    /// @param limit in bytes
    ContentCache(long limit) {
        this.limit = limit;
    }

    synchronized byte @Nullable [] get(PackedContent content) {
        return contents.get(content);
    }

    synchronized void put(PackedContent content, byte[] bytes) {
        if (contents.put(content, bytes) != null) return;
        held += bytes.length;
        var eldest = contents.entrySet().iterator();
        while (held > limit && contents.size() > 1) {
            held -= eldest.next().getValue().length;
            eldest.remove();
        }
    }
}
