package podium.vfs.object;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Which blocks of what is in the bucket are in the cache, kept from one mount to the next. It may
/// say too little, and then something is read once more; it never says too much, since it is
/// removed before a block is.
final class Presence {

    private Presence() {}

    /// @return by the number of the file; empty when there is nothing that makes sense
    static Map<Long, BitSet> load(Cache cache) throws IOException {
        var found = new HashMap<Long, BitSet>();
        var path = cache.directory.resolve(Cache.PRESENT);
        if (!Files.exists(path)) return found;
        var bytes = Files.readAllBytes(path);
        int length = bytes.length - 4;
        if (length < 0) return found;
        boolean right =
                ByteBuffer.wrap(bytes).getInt(length) == EntryCodec.checksum(bytes, 0, length);
        if (!right) return found;
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length))) {
            while (in.available() > 0) {
                long id = in.readLong();
                found.put(id, BitSet.valueOf(in.readNBytes(in.readInt())));
            }
        }
        return found;
    }

    /// Forgets all but some files.
    static void keep(Cache cache, Set<Long> ids) throws IOException {
        var known = load(cache);
        if (known.keySet().retainAll(ids)) save(cache, known);
    }

    /// What is there of the files is durable.
    static void save(Cache cache, Collection<CachedFile> files) throws IOException {
        var blocks = new LinkedHashMap<Long, BitSet>();
        for (var file : files) blocks.put(file.id(), file.presence());
        save(cache, blocks);
    }

    private static void save(Cache cache, Map<Long, BitSet> files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            for (var file : files.entrySet()) {
                var blocks = file.getValue().toByteArray();
                if (blocks.length == 0) continue;
                out.writeLong(file.getKey());
                out.writeInt(blocks.length);
                out.write(blocks);
            }
            var content = bytes.toByteArray();
            out.writeInt(EntryCodec.checksum(content, 0, content.length));
        }
        cache.replace(Cache.PRESENT, ByteBuffer.wrap(bytes.toByteArray()));
    }

    static void forget(Cache cache) throws IOException {
        if (Files.deleteIfExists(cache.directory.resolve(Cache.PRESENT))) cache.force();
    }
}
