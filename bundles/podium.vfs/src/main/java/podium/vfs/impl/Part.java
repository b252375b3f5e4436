package podium.vfs.impl;

import podium.syscall.Errno;
import podium.syscall.LinuxString;

/// The component of a path that a walk has come to. It is a key to look names up by, equal to a
/// string of its characters and with that string's hash: so a walk makes no strings of what it only
/// passes. (A string does not equal it.)
///
/// Not thread-safe.
final class Part {

    private static final int NAME_MAX = 255;

    private String path = "";
    private int from;
    private int to;
    private int hash;

    /// Takes the component that begins at an index.
    ///
    /// @return where it ends
    int take(String path, int from) {
        int hash = 0;
        int at = from;
        for (char c; at < path.length() && (c = path.charAt(at)) != '/'; at++) hash = 31 * hash + c;
        this.path = path;
        this.from = from;
        this.hash = hash;
        return to = at;
    }

    int length() {
        return to - from;
    }

    /// @throws podium.syscall.ErrnoException `ENAMETOOLONG`: no name can be as long
    void checkLength() {
        int length = length();
        boolean fits = length * 3 <= NAME_MAX || (length <= NAME_MAX && encoded() <= NAME_MAX);
        if (!fits) throw Errno.ENAMETOOLONG.exception();
    }

    private int encoded() {
        return LinuxString.encode(toString()).length;
    }

    boolean isDot() {
        return length() == 1 && path.charAt(from) == '.';
    }

    boolean isDotDot() {
        return length() == 2 && path.charAt(from) == '.' && path.charAt(from + 1) == '.';
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof String name
                && name.length() == length()
                && path.startsWith(name, from);
    }

    @Override
    public String toString() {
        return path.substring(from, to);
    }
}
