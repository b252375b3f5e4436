package podium.benchmark.file;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A tree such as a `node_modules`, the same every time: 5,000 files in 700 directories, a quarter
/// of which are packages at the top. Most files are small and a few are large: the logarithms of
/// their sizes are normally distributed about 1.5 KB, which makes some 30 MB of them all.
final class PackageTree {

    static final int LARGEST = 1 << 20;

    private static final int DIRECTORIES = 700;
    private static final int FILES = 5_000;
    private static final int MEDIAN = 1_500;
    private static final double DEVIATION = 1.7;

    /// Those above come first.
    final List<String> directories = new ArrayList<>();

    final List<File> files = new ArrayList<>();

    /// @param divisor by how much smaller it is
    PackageTree(int divisor) {
        var random = new SplittableRandom(5);
        int most = Math.max(1, DIRECTORIES / divisor);
        for (int i = 0; i < most; i++) directories.add(above(random) + "directory-" + i);
        for (int i = 0; i < FILES / divisor; i++) {
            var directory = directories.get(random.nextInt(most));
            double size = MEDIAN * Math.exp(DEVIATION * random.nextGaussian());
            files.add(new File(directory + "/file-" + i + ".js", (int) Math.min(size, LARGEST)));
        }
    }

    private String above(SplittableRandom random) {
        if (directories.isEmpty() || random.nextInt(4) == 0) return "";
        return directories.get(random.nextInt(directories.size())) + "/";
    }

    /// @param path below the tree's root
    /// @param size in bytes
    record File(String path, int size) {}
}
