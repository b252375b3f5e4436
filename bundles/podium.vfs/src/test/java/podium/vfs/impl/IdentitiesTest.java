package podium.vfs.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import podium.vfs.Attributes;

/// No two inodes of a mount have the same number, however often it moves and whatever numbers its
/// backends give.
class IdentitiesTest {

    private static final int FILES = 20;

    private static Attributes inode(long number, long born) {
        return Attributes.of(number, 0100644, 0, 0, born);
    }

    private static long visible(Identities identities, Attributes here) {
        var identity = identities.of(here);
        return identity == null ? here.inode() : identity.number();
    }

    @Test
    void numbersThatWereChosenOnceAreNotChosenAgain() {
        // What a move finds: inodes of the backend, and the numbers that guests see.
        Map<Attributes, Long> files = new HashMap<>();
        for (long i = 1; i <= FILES; i++) files.put(inode(i, i), i);
        long time = FILES;
        for (int move = 0; move < 6; move++) {
            var identities = new Identities();
            Map<Attributes, Long> copies = new HashMap<>();
            // The next backend counts from elsewhere, so that its numbers are others' by now.
            long number = FILES;
            for (var file : files.entrySet()) {
                var copy = inode(++number, ++time);
                identities.put(copy, inode(file.getValue(), 0));
                copies.put(copy, file.getValue());
            }
            copies.forEach((copy, seen) -> assertEquals(seen, visible(identities, copy)));
            for (long made = 1; made <= FILES; made++) {
                var fresh = inode(made, ++time);
                identities.forget(made);
                copies.put(fresh, visible(identities, fresh));
                assertEquals(copies.get(fresh), identities.number(made));
            }
            assertEquals(copies.size(), new HashSet<>(copies.values()).size(), "move " + move);
            files = copies;
        }
    }
}
