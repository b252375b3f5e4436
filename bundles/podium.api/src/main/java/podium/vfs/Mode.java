package podium.vfs;

/// The bits of a file mode (inode(7)).
public final class Mode {

    public static final int TYPE = 0170000;
    public static final int SOCKET = 0140000;
    public static final int LINK = 0120000;
    public static final int REGULAR = 0100000;
    public static final int BLOCK = 0060000;
    public static final int DIRECTORY = 0040000;
    public static final int CHARACTER = 0020000;
    public static final int FIFO = 0010000;
    public static final int SETUID = 04000;
    public static final int SETGID = 02000;
    public static final int STICKY = 01000;
    public static final int PERMISSIONS = 07777;

    private Mode() {}

    /// The type bits.
    public static int type(int mode) {
        return mode & TYPE;
    }
}
