package podium.vfs.impl;

import podium.vfs.Attributes;
import podium.vfs.FileLocks;
import podium.vfs.FileWatcher;
import podium.vfs.FsContext;
import podium.vfs.Location;
import podium.vfs.Node;

/// A directory that paths resolved against it do not leave. The [Walker] sees to that.
record Beneath(Entry entry) implements Location {

    @Override
    public Location beneath() {
        return this;
    }

    @Override
    public Node node() {
        return entry.node();
    }

    @Override
    public Attributes attributes() {
        return entry.attributes();
    }

    @Override
    public long device() {
        return entry.device();
    }

    @Override
    public boolean readOnly() {
        return entry.readOnly();
    }

    @Override
    public String path() {
        return entry.path();
    }

    @Override
    public String path(FsContext context) {
        return entry.path(context);
    }

    @Override
    public FileLocks locks() {
        return entry.locks();
    }

    @Override
    public void watch(FileWatcher watcher) {
        entry.watch(watcher);
    }

    @Override
    public void unwatch(FileWatcher watcher) {
        entry.unwatch(watcher);
    }
}
