package podium.archive;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import podium.vfs.Archives;

/// The `Archives` service.
@Component
public final class ArchiveService implements Archives {

    private static final int BUFFER = 1 << 16;

    @Activate
    public ArchiveService() {}

    @Override
    public Summary write(Path tree, Format format, OutputStream to, Progress progress)
            throws IOException {
        var budget = new Budget(UNLIMITED, progress);
        switch (format) {
            case TAR -> write(tree, new TarSink(to), budget);
            case TAR_GZ -> {
                var gzip = new GZIPOutputStream(to, BUFFER);
                write(tree, new TarSink(gzip), budget);
                gzip.finish();
            }
            case ZIP -> write(tree, new ZipSink(to), budget);
        }
        to.flush();
        return budget.summary();
    }

    private static final Limits UNLIMITED =
            new Limits(Long.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, true);

    private static void write(Path tree, Sink sink, Budget budget) throws IOException {
        new TreeWriter(sink, budget).write(tree);
        sink.finish();
    }

    @Override
    public Summary read(InputStream from, Path target, Limits limits, Progress progress)
            throws IOException {
        var budget = new Budget(limits, progress);
        var in = new BufferedInputStream(budget.counting(from), BUFFER);
        in.mark(4);
        var magic = in.readNBytes(4);
        in.reset();
        try {
            if (starts(magic, 'P', 'K')) readZip(in, target, budget);
            else if (starts(magic, 0x1f, 0x8b))
                readTar(new GZIPInputStream(in, BUFFER), target, budget);
            else readTar(in, target, budget);
        } catch (java.io.EOFException e) {
            throw new IOException("the archive is cut off", e);
        } catch (ZipException e) {
            throw new IOException("the archive is damaged: " + e.getMessage(), e);
        }
        return budget.summary();
    }

    private static boolean starts(byte[] bytes, int first, int second) {
        return bytes.length > 1 && (bytes[0] & 0xff) == first && (bytes[1] & 0xff) == second;
    }

    private static void readTar(InputStream in, Path target, Budget budget) throws IOException {
        new TreeReader(target, budget).read(new TarSource(in));
        TarSource.skip(in); // so that whoever writes it gets rid of all
    }

    /// What a zip has stands at its end, so it is kept in a file until it is there.
    private static void readZip(InputStream in, Path target, Budget budget) throws IOException {
        var file = Files.createTempFile("podium", ".zip");
        try (var channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE)) {
            var buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                budget.spool(buffer, count);
                var bytes = java.nio.ByteBuffer.wrap(buffer, 0, count);
                while (bytes.hasRemaining()) channel.write(bytes);
            }
            try (var zip = new ZipSource(channel)) {
                new TreeReader(target, budget).read(zip);
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
