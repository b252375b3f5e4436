package podium.testkit.posix;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Random lines for [PosixScript]: few names, so that they meet often. Paths never lead above the
/// directory in which they begin.
public final class RandomScript {

    private static final String[] NAMES = {"a", "b", "c", "d"};
    private static final int MOST_OPEN = 200;

    private final Random random;
    private int opened;

    private RandomScript(long seed) {
        random = new Random(seed);
    }

    /// @param seed the same one gives the same lines
    public static List<String> of(long seed, int count) {
        var script = new RandomScript(seed);
        var lines = new ArrayList<String>(count);
        while (lines.size() < count) lines.add(script.line());
        return lines;
    }

    private String line() {
        return switch (random.nextInt(26)) {
            case 0, 1 -> "mkdir " + path() + " 755";
            case 2 -> "rmdir " + path();
            case 3, 4 -> "unlink " + path();
            case 5, 6, 7 -> "rename " + path() + " " + path() + renameFlags();
            case 8, 9 -> "link " + path() + " " + path() + one("", "", " FOLLOW");
            case 10 -> "symlink " + target() + " " + path();
            case 11 -> "readlink " + path();
            case 12 -> "stat " + path();
            case 13 -> "lstat " + path();
            case 14 -> "ls " + path();
            case 15 -> "chmod " + path() + " " + one("644", "755", "0", "4711");
            case 16, 17, 18 -> open();
            case 19 -> "close " + file();
            case 20 -> "read " + file() + " " + random.nextInt(60) + position();
            case 21, 22 -> "write " + file() + " " + text() + position();
            case 23 -> "ftruncate " + file() + " " + random.nextInt(100_000);
            case 24 ->
                    "seek "
                            + file()
                            + " "
                            + random.nextInt(70_000)
                            + " "
                            + one("SET", "CUR", "END");
            default -> "fstat " + file();
        };
    }

    private String open() {
        if (opened++ > MOST_OPEN) return "stat .";
        return "open "
                + path()
                + " "
                + one("O_RDONLY", "O_RDWR", "O_WRONLY")
                + one("", "|O_CREAT", "|O_CREAT", "|O_CREAT|O_EXCL", "|O_DIRECTORY")
                + one("", "", "", "|O_TRUNC", "|O_APPEND")
                + one("", "", "", "|O_NOFOLLOW")
                + " 644";
    }

    private String renameFlags() {
        return one("", "", "", " NOREPLACE", " EXCHANGE");
    }

    private String file() {
        return opened == 0 ? "99" : "$" + Math.max(0, opened - 1 - random.nextInt(6));
    }

    private String position() {
        return random.nextBoolean() ? "" : " " + random.nextInt(100_000);
    }

    private String text() {
        var text = new StringBuilder();
        for (int i = random.nextInt(40); i >= 0; i--)
            text.append((char) ('a' + random.nextInt(26)));
        return text.toString();
    }

    private String target() {
        return name() + one("", "", "/" + name());
    }

    private String path() {
        var path = new StringBuilder(name());
        for (int i = random.nextInt(4); i > 1; i--) path.append('/').append(name());
        switch (random.nextInt(20)) {
            case 0 -> path.append('/');
            case 1 -> path.append("/.");
            case 2 -> path.append("/../").append(name());
            case 3 -> path.insert(0, "./");
            default -> {}
        }
        return path.toString();
    }

    private String name() {
        return one(NAMES);
    }

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }
}
