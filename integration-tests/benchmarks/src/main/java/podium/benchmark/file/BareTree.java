package podium.benchmark.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The least that a tree of files can be in Java: a hash map for each directory, an array of bytes
/// for each file. There are no attributes, no permissions, no locks, no open files and no paths to
/// be parsed: names come one by one.
final class BareTree {

    private static final int SMALL = 100;
    private static final int DIRECTORY = 1000;

    private BareTree() {}

    private static final class Directory {
        final Map<String, Object> entries = new HashMap<>();

        /// The directory of a path's last name.
        Directory above(String[] path) throws IOException {
            var at = this;
            for (int i = 0; i < path.length - 1; i++) {
                if (!(at.entries.get(path[i]) instanceof Directory next))
                    throw new IOException(String.join("/", path) + " is in no directory");
                at = next;
            }
            return at;
        }

        void add(String[] path, Object made) throws IOException {
            if (above(path).entries.putIfAbsent(path[path.length - 1], made) != null)
                throw new IOException(String.join("/", path) + " is there already");
        }

        byte[] file(String[] path) throws IOException {
            if (above(path).entries.get(path[path.length - 1]) instanceof byte[] file) return file;
            throw new IOException(String.join("/", path) + " is no file");
        }

        void remove(String[] path) throws IOException {
            if (above(path).entries.remove(path[path.length - 1]) == null)
                throw new IOException(String.join("/", path) + " is not there");
        }
    }

    /// As [SmallFiles].
    static final class Small implements Work {

        private final Directory root = new Directory();
        private final List<String[]> files = new ArrayList<>();
        private final Content content = new Content(SMALL);

        Small(int count) throws IOException {
            for (int i = 0; i < count; i++) {
                var directory = "directory-" + i / DIRECTORY;
                if (i % DIRECTORY == 0) root.add(new String[] {directory}, new Directory());
                files.add(new String[] {directory, "file-" + i});
            }
        }

        @Override
        public void run(Figures figures) throws IOException {
            int count = files.size();
            figures.time("create", count, this::create);
            figures.time("stat", count, this::ask);
            for (int i = 0; i < count; i++) content.check(root.file(files.get(i)), i);
            figures.time("unlink", count, this::remove);
        }

        private void create() throws IOException {
            for (int i = 0; i < files.size(); i++) root.add(files.get(i), content.copy(i, SMALL));
        }

        private void ask() throws IOException {
            for (var file : files)
                if (root.file(file).length != SMALL)
                    throw new IOException(String.join("/", file) + " is not what was made");
        }

        private void remove() throws IOException {
            for (var file : files) root.remove(file);
        }
    }

    /// As [Unpacking].
    static final class Packages implements Work {

        private final List<String[]> directories;
        private final List<String[]> files;
        private final PackageTree tree;
        private final Content content = new Content(PackageTree.LARGEST);
        private Directory top = new Directory();

        Packages(PackageTree tree) {
            directories = tree.directories.stream().map(path -> path.split("/", -1)).toList();
            files = tree.files.stream().map(file -> file.path().split("/", -1)).toList();
            this.tree = tree;
        }

        @Override
        public void run(Figures figures) throws IOException {
            figures.time("unpack", 1, this::unpack);
            for (int i = 0; i < files.size(); i++) content.check(top.file(files.get(i)), i);
            top = new Directory();
        }

        private void unpack() throws IOException {
            for (var path : directories) top.add(path, new Directory());
            for (int i = 0; i < files.size(); i++)
                top.add(files.get(i), content.copy(i, tree.files.get(i).size()));
        }
    }
}
