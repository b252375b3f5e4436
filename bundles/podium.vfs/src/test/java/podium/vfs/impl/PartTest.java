package podium.vfs.impl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class PartTest {

    private final Part part = new Part();

    @Test
    void findsWhatAStringFinds() {
        for (var name : new String[] {"a", "usr", "größe", "名前", "\udc80\udcff", "𝄞", "a b"}) {
            for (var path : new String[] {name, "/" + name, "x/" + name + "/y", "/é/" + name}) {
                int from = path.indexOf(name);
                assertEquals(from + name.length(), part.take(path, from));
                assertEquals(1, new ConcurrentHashMap<>(Map.of(name, 1)).get(part), path);
                assertEquals(name, part.toString());
                assertEquals(name.hashCode(), part.hashCode());
            }
        }
    }

    @Test
    void findsNothingElse() {
        part.take("/usr/lib", 1);
        for (var name : new String[] {"", "us", "usr/", "usr/lib", "sr", "usR", "lib"})
            assertFalse(part.equals(name), name);
        assertFalse(part.equals(part.length()));
    }

    @Test
    void knowsDots() {
        part.take("a/./..", 2);
        assertTrue(part.isDot() && !part.isDotDot());
        part.take("a/./..", 4);
        assertTrue(part.isDotDot() && !part.isDot());
        part.take(".a", 0);
        assertFalse(part.isDot() || part.isDotDot());
    }
}
