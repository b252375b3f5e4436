package podium.vfs.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// What [CrashTest] does to a tree that has a file `a`, which is open, and a directory `d` with a
/// file `b`, and a snapshot `s`, perhaps. Names that are not there, or are already, are no error.
enum Operation {
    CREATE {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            fs.root().create("c", 0640, 1, 2);
        }
    },
    WRITE {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            a.write(bytes(50, 'w'), 4080);
        }
    },
    /// Pages apart from those of other operations.
    WRITE_APART {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            a.write(bytes(5000, 's'), 4 * 4096);
        }
    },
    WRITE_OTHER {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            if (directory(fs).lookup("b") instanceof Node.Regular b) b.write(bytes(200, 'u'), 100);
        }
    },
    APPEND {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            a.append(bytes(6000, 'p'));
        }
    },
    TRUNCATE {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            a.truncate(10);
        }
    },
    RENAME {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            fs.root().rename("a", directory(fs), "b", false);
        }
    },
    EXCHANGE {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            fs.root().rename("a", fs.root(), "d", true);
        }
    },
    LINK {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            fs.root().link("l", a);
        }
    },
    UNLINK {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            fs.root().unlink("a");
        }
    },
    MAKE_DIRECTORY {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            fs.root().createDirectory("e", 0755, 0, 0);
        }
    },
    REMOVE_DIRECTORY {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            fs.root().removeDirectory("e");
        }
    },
    PUNCH {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            a.allocate(3, 0, 4096);
        }
    },
    TAKE {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            snapshots(fs).take("t");
        }
    },
    RESTORE {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            snapshots(fs).restore("s");
        }
    },
    RESTORE_TAKEN {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            snapshots(fs).restore("t");
        }
    },
    DELETE {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            snapshots(fs).delete("s");
        }
    },
    SYNC_FILE {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            a.sync(false);
        }
    },
    SYNC {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            fs.sync();
        }
    },
    COMPACT {
        @Override
        void on(FileSystem fs, Node.Regular a) {
            try {
                ((StoreFileSystem) fs).store().compactor.all();
            } catch (java.io.IOException e) {
                // As what calls it does when the process is killed: see RecordingDisk.
                throw podium.syscall.Errno.EIO.exception();
            }
        }
    };

    abstract void on(FileSystem fs, Node.Regular a);

    void run(FileSystem fs, Node.Regular a) {
        try {
            on(fs, a);
        } catch (ErrnoException e) {
            switch (e.errno()) {
                case ENOENT, EEXIST, ENOTDIR, EISDIR, ENOTEMPTY -> {}
                default -> throw e;
            }
        }
    }

    private static Node.Directory directory(FileSystem fs) {
        if (fs.root().lookup("d") instanceof Node.Directory directory) return directory;
        throw podium.syscall.Errno.ENOTDIR.exception();
    }

    private static podium.vfs.Snapshots snapshots(FileSystem fs) {
        return java.util.Objects.requireNonNull(fs.snapshots());
    }

    static ByteBuffer bytes(int count, char of) {
        var bytes = new byte[count];
        Arrays.fill(bytes, (byte) of);
        return ByteBuffer.wrap(bytes);
    }
}
