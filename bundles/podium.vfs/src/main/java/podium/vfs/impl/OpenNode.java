package podium.vfs.impl;

import podium.syscall.Errno;
import podium.syscall.OpenFile;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.Node;

/// What a link to an open file leads to, when the file has no place in a tree (a pipe, the host's
/// standard input): opening it gives the file itself.
record OpenNode(OpenFile file) implements Node.Special {

    @Override
    public Attributes attributes() {
        return file.attributes();
    }

    @Override
    public void change(AttributeChange change) {
        throw Errno.EPERM.exception();
    }

    @Override
    public OpenFile open(int flags) {
        if (!file.retain()) throw Errno.ENOENT.exception();
        return file;
    }
}
