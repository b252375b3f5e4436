package podium.vfs.host;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Inodes that came anew when a snapshot was restored, as nothing gives an inode of the host's back
/// its number: for each of a snapshot's that is no more, the one that is there in its stead.
///
/// @param present by what snapshots say
record Numbers(Map<Key, Key> present) {

    /// Which inode, on one file system of the host's.
    record Key(long inode, long born) {

        static Key of(Status status) {
            return new Key(status.id().inode(), status.born());
        }
    }

    /// A line of four numbers for each.
    static Numbers parse(String text) {
        var present = new HashMap<Key, Key>();
        for (var line : text.split("\n")) {
            var words = line.split(" ");
            if (words.length != 4) continue;
            present.put(key(words, 0), key(words, 2));
        }
        return new Numbers(present);
    }

    private static Key key(String[] words, int at) {
        return new Key(Long.parseLong(words[at]), Long.parseLong(words[at + 1]));
    }

    String text() {
        var text = new StringBuilder();
        present.forEach(
                (was, is) ->
                        text.append(was.inode)
                                .append(' ')
                                .append(was.born)
                                .append(' ')
                                .append(is.inode)
                                .append(' ')
                                .append(is.born)
                                .append('\n'));
        return text.toString();
    }

    /// With others in the stead of some.
    ///
    /// @param fresh by what was there last
    Numbers with(Map<Key, Key> fresh) {
        var all = new HashMap<>(present);
        all.replaceAll((_, is) -> fresh.getOrDefault(is, is));
        fresh.forEach(all::putIfAbsent);
        return new Numbers(all);
    }

    /// Those of some alone.
    Numbers only(Set<Key> some) {
        var all = new HashMap<>(present);
        all.keySet().retainAll(some);
        return new Numbers(all);
    }

    /// A status of a snapshot's inode, as the one that is there has it.
    Status of(Status was) {
        var is = present.get(Key.of(was));
        return is == null ? was : was.as(is.inode(), is.born());
    }
}
