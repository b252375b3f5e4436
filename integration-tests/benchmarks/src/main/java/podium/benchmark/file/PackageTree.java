package podium.benchmark.file;

import java.util.ArrayList;
import java.util.List;

/// A tree such as a `node_modules`, the same every time, and the same as that of the programs in C
/// and JavaScript: 5,000 files in 700 directories, a quarter of which are packages at the top. Most
/// files are small and a few are large: the logarithms of their sizes are normally distributed
/// about 1.5 KB, which makes some 30 MB of them all.
final class PackageTree {

    static final int LARGEST = 1 << 20;

    private static final int DIRECTORIES = 700;
    private static final int FILES = 5_000;
    private static final int MEDIAN = 1_500;
    private static final double DEVIATION = 1.7;

    /// Those above come first.
    final List<String> directories = new ArrayList<>();

    final List<File> files = new ArrayList<>();

    private int seed = 5;

    /// @param divisor by how much smaller it is
    PackageTree(int divisor) {
        int most = Math.max(1, DIRECTORIES / divisor);
        for (int i = 0; i < most; i++) directories.add(above() + "directory-" + i);
        for (int i = 0; i < Math.max(1, FILES / divisor); i++) {
            var directory = any();
            double size = MEDIAN * Math.exp(DEVIATION * normal());
            files.add(new File(directory + "/file-" + i + ".js", (int) Math.min(size, LARGEST)));
        }
    }

    private String above() {
        boolean top = number() < 0.25 || directories.isEmpty();
        return top ? "" : any() + "/";
    }

    private String any() {
        return directories.get((int) (number() * directories.size()));
    }

    /// Below 1 (xorshift32).
    private double number() {
        seed ^= seed << 13;
        seed ^= seed >>> 17;
        seed ^= seed << 5;
        return Integer.toUnsignedLong(seed) / 0x1p32;
    }

    private double normal() {
        double a = number();
        return Math.sqrt(-2 * Math.log(a > 0 ? a : 0.5)) * Math.cos(2 * Math.PI * number());
    }

    /// @param path below the tree's root
    /// @param size in bytes
    record File(String path, int size) {}
}
