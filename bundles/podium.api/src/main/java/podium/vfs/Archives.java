package podium.vfs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/// Trees of files as archives, and back. A service. Thread-safe.
///
/// The trees are of a pod ([podium.pod.Pod#fileSystem()]) or of another file system with the view
/// `unix`. What is kept: names, modes, owners, times of modification in nanoseconds, symbolic
/// links;
/// in a [Format#TAR] hard links and extended attributes of users, too, the latter as far as both
/// trees have [java.nio.file.attribute.UserDefinedFileAttributeView]. A zip has a copy for each
/// hard
/// link, and times of 100 ns.
/// Sockets, pipes and devices are left out and counted. Nothing is held in memory as a whole.
public interface Archives {

    /// Writes a tree.
    ///
    /// A file that changes meanwhile is archived with the size it had when its turn came, and one
    /// that is gone by then is left out.
    ///
    /// @param tree a directory, whose entries are archived under names relative to it; or a file
    /// @param to not closed
    /// @throws IOException the tree cannot be read, the stream not be written; a
    ///     [java.io.InterruptedIOException] when the progress said so
    Summary write(Path tree, Format format, OutputStream to, Progress progress) throws IOException;

    /// Makes the files of an archive: of tar with or without gzip, or a zip, which it tells by
    /// itself.
    ///
    /// An archive may come from anybody. It reaches nothing outside the target: names that are
    /// absolute or have `..`, entries whose way leads through a symbolic link, hard links to such,
    /// and (unless the limits say otherwise) symbolic links that point outside are refused. So is
    /// one beyond the limits, and one that ends too early or is damaged. What was made until then
    /// stays. A file takes the place of one that is there; a directory's entries are added.
    ///
    /// @param from not closed, read to the archive's end
    /// @param target a directory, made if it is not there
    /// @throws IOException the archive is refused, with one line for people; it or the target
    /// fails;
    ///     a [java.io.InterruptedIOException] when the progress said so
    Summary read(InputStream from, Path target, Limits limits, Progress progress)
            throws IOException;

    /// A kind of archive.
    enum Format {
        TAR,
        TAR_GZ,
        ZIP
    }

    /// Is told how far it is, after every portion of at most 1 MiB.
    @FunctionalInterface
    interface Progress {

        /// Tells nobody and never ends it.
        Progress NONE = (_, _) -> true;

        /// @param entries begun so far
        /// @param bytes of content so far, uncompressed
        /// @return whether to go on
        boolean advanced(long entries, long bytes);
    }

    /// What an archive may be.
    ///
    /// @param bytes of content in all, holes included
    /// @param entries in all
    /// @param ratio bytes of content for each byte of the archive; not looked at for the first 64
    ///     MiB of content
    /// @param outsideLinks whether symbolic links may point outside the target
    record Limits(long bytes, long entries, int ratio, boolean outsideLinks) {

        /// 64 GiB, a million entries, 200 to 1, no links that point outside.
        public static final Limits DEFAULT = new Limits(64L << 30, 1_000_000, 200, false);

        /// @throws IllegalArgumentException one of them is not positive
        public Limits {
            if (bytes <= 0 || entries <= 0 || ratio <= 0)
                throw new IllegalArgumentException("limits are positive");
        }

        public Limits withBytes(long bytes) {
            return new Limits(bytes, entries, ratio, outsideLinks);
        }

        public Limits withEntries(long entries) {
            return new Limits(bytes, entries, ratio, outsideLinks);
        }

        public Limits withRatio(int ratio) {
            return new Limits(bytes, entries, ratio, outsideLinks);
        }

        public Limits withOutsideLinks(boolean outsideLinks) {
            return new Limits(bytes, entries, ratio, outsideLinks);
        }
    }

    /// What was done.
    ///
    /// @param entries archived or made
    /// @param bytes of their content
    /// @param left out: sockets, pipes, devices
    record Summary(long entries, long bytes, long left) {}
}
