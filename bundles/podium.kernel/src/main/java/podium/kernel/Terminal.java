package podium.kernel;

import java.nio.ByteBuffer;
import java.util.Arrays;
import podium.syscall.Errno;
import podium.syscall.OpenFile;
import podium.syscall.Task;
import podium.vfs.Attributes;
import podium.vfs.Mode;

/// The terminal a process's standard descriptors are, as far as ioctl_tty(2) shows it. Line editing
/// is whoever's that holds the other end; settings are kept and given back.
///
/// Thread-safe.
final class Terminal {

    private static final int TCGETS = 0x5401;
    private static final int TCSETS = 0x5402;
    private static final int TCSETSF = 0x5404;
    private static final int TIOCGPGRP = 0x540f;
    private static final int TIOCSPGRP = 0x5410;
    private static final int TIOCGWINSZ = 0x5413;
    private static final int TIOCSWINSZ = 0x5414;

    /// Bytes of struct termios.
    private static final int SETTINGS = 36;

    private static final int ROWS = 24;
    private static final int COLUMNS = 80;
    private static final long TTY = (5 << 8);

    private final InputPump input;
    private final StreamOutput output;
    private final byte[] settings = initialSettings();
    private int window = ROWS | COLUMNS << 16;
    private int foreground;

    Terminal(InputPump input, StreamOutput output) {
        this.input = input;
        this.output = output;
    }

    /// What a terminal starts with: ICRNL IXON, OPOST ONLCR, CS8 CREAD, ISIG ICANON ECHO and so on.
    private static byte[] initialSettings() {
        var bytes = ByteBuffer.allocate(SETTINGS).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0x500).putInt(5).putInt(0xbf).putInt(0x8a3b).put((byte) 0);
        bytes.put(new byte[] {3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22});
        return bytes.array();
    }

    static Attributes attributes(Attributes plain) {
        return new Attributes(
                plain.inode(),
                Mode.CHARACTER | 0620,
                1,
                plain.uid(),
                plain.gid(),
                TTY,
                0,
                0,
                plain.accessed(),
                plain.modified(),
                plain.changed(),
                plain.born());
    }

    int ioctl(Task task, int request, int argument) {
        var memory = task.memory();
        switch (request) {
            case TCGETS -> {
                synchronized (this) {
                    memory.put(argument, settings);
                }
            }
            case TIOCGPGRP -> memory.putInt(argument, foreground(task));
            case TIOCSPGRP -> foreground = memory.getInt(argument);
            case TIOCGWINSZ -> {
                memory.putInt(argument, window);
                memory.putInt(argument + 4, 0);
            }
            case TIOCSWINSZ -> window = memory.getInt(argument);
            default -> {
                if (request < TCSETS || request > TCSETSF) return Errno.ENOTTY.negated();
                var wanted = memory.bytes(argument, SETTINGS);
                synchronized (this) {
                    System.arraycopy(wanted, 0, settings, 0, SETTINGS);
                }
            }
        }
        return 0;
    }

    private int foreground(Task task) {
        return foreground != 0 ? foreground : task.process().group();
    }

    /// The terminal under a descriptor of its own, as `/dev/tty` gives it.
    OpenFile open() {
        return new Opened();
    }

    private final class Opened extends OpenFile {

        private final Attributes attributes = Terminal.attributes(output.attributes());

        Opened() {
            super(O_RDWR);
        }

        @Override
        public int read(ByteBuffer into) {
            return input.read(into);
        }

        @Override
        public int write(ByteBuffer from) {
            return output.write(from);
        }

        @Override
        public int ioctl(Task task, int request, int argument) {
            return Terminal.this.ioctl(task, request, argument);
        }

        @Override
        protected void closed() {}

        @Override
        public Attributes attributes() {
            return attributes;
        }

        @Override
        public String description() {
            return "/dev/tty";
        }

        @Override
        public int readiness() {
            return input.readiness() | OUT;
        }

        @Override
        public void watch(Watcher watcher) {
            input.watchers().add(watcher);
        }

        @Override
        public void unwatch(Watcher watcher) {
            input.watchers().remove(watcher);
        }
    }

    @Override
    public String toString() {
        return "terminal " + Arrays.hashCode(settings);
    }
}
