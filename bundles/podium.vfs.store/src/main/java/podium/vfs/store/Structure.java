package podium.vfs.store;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.function.Consumer;

/// Whether what was loaded is a tree whose content is there; counts the names of its inodes.
final class Structure {

    private final Store store;
    private final Consumer<String> problems;

    Structure(Store store, Consumer<String> problems) {
        this.store = store;
        this.problems = problems;
    }

    void check() {
        if (!(store.nodes.get(1) instanceof StoreDirectory)) {
            problems.accept("the root directory is missing");
            return;
        }
        for (var node : store.nodes.all())
            if (node instanceof StoreRegular file) content("", file.content);
        for (var content : store.snapshots.contents()) content("in a snapshot, ", content);
        count();
    }

    private void content(String where, Content content) {
        var extents = content.extents;
        for (int i = 0; i < extents.size(); i++) {
            var missing = store.segments.missing(extents.get(i));
            if (missing == null) continue;
            problems.accept("%sinode %d: %s".formatted(where, content.inode, missing));
            return;
        }
    }

    /// Counts the names of all inodes.
    void count() {
        for (var node : store.nodes.all()) node.links = 0;
        var todo = new ArrayDeque<StoreDirectory>(Collections.singleton(store.root()));
        store.root().links = 2;
        int reached = 1;
        while (!todo.isEmpty()) {
            var directory = todo.pop();
            for (int slot = 0; slot < directory.names.end(); slot++) {
                if (directory.names.name(slot) == null) continue;
                var node = directory.names.node(slot);
                if (!(node instanceof StoreDirectory below)) {
                    node.links++;
                    continue;
                }
                if (below.links != 0) {
                    problems.accept("directory %d has two names".formatted(below.inode));
                    continue;
                }
                below.links = 2;
                directory.links++;
                reached++;
                todo.push(below);
            }
        }
        long all = 0;
        for (var node : store.nodes.all()) if (node instanceof StoreDirectory) all++;
        if (all != reached)
            problems.accept(
                    "%d directories cannot be reached from the root".formatted(all - reached));
    }
}
