package podium.vfs.impl;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// A file of the host that says where a mount's content is since it was moved last: the mount's
/// option `record`. Replaced as a whole, and durable before anything relies on it.
///
/// Properties: `type`, `source` and `option.*` once a move was committed; `moving` while one is
/// under way, for people alone.
record MountRecord(Path file) {

    private static final Logger LOG = LoggerFactory.getLogger(MountRecord.class);
    private static final String TYPE = "type";
    private static final String SOURCE = "source";
    private static final String MOVING = "moving";
    private static final String OF_TYPE = "option.";
    private static final long LONGEST = 1 << 20;

    /// Where a mount's content is.
    ///
    /// @param asked where it was before it ever moved
    /// @throws MountException the record cannot be read
    MountSpec current(MountSpec asked) throws MountException {
        var properties = read();
        var moving = properties.getProperty(MOVING);
        if (moving != null)
            LOG.warn(
                    "{} was being moved to {} when its process ended: it is where it was, and what"
                            + " is there can be removed",
                    asked.target(),
                    moving);
        var type = properties.getProperty(TYPE);
        if (type == null) return asked;
        var options = new TreeMap<String, String>();
        for (var key : properties.stringPropertyNames())
            if (key.startsWith(OF_TYPE))
                options.put(key.substring(OF_TYPE.length()), properties.getProperty(key));
        Options.ofMount(asked).forEach(options::put);
        var source = properties.getProperty(SOURCE, "");
        return new MountSpec(asked.target(), type, source, options, asked.readOnly());
    }

    /// A move begins.
    ///
    /// @return what [#restore] takes
    Properties intend(MountSpec to) throws MountException {
        var before = read();
        before.remove(MOVING);
        var properties = new Properties();
        properties.putAll(before);
        properties.setProperty(MOVING, Migration.place(to));
        write(properties);
        return before;
    }

    /// The move is given up.
    ///
    /// @throws MountException nobody knows what a crash would leave there
    void restore(Properties before) throws MountException {
        write(before);
    }

    /// The move is done.
    ///
    /// @throws MountException it may have been written nevertheless, until [#restore] has
    void commit(MountSpec to) throws MountException {
        var properties = new Properties();
        properties.setProperty(TYPE, to.type());
        properties.setProperty(SOURCE, to.source());
        Options.ofType(to).forEach((key, value) -> properties.setProperty(OF_TYPE + key, value));
        write(properties);
    }

    private Properties read() throws MountException {
        var properties = new Properties();
        try {
            if (!Files.exists(file)) return properties;
            if (Files.size(file) > LONGEST) throw new IOException("it is too long");
            properties.load(new StringReader(Files.readString(file)));
            return properties;
        } catch (IOException | IllegalArgumentException e) {
            throw failure("read", e);
        }
    }

    private void write(Properties properties) throws MountException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            var text = new StringWriter();
            properties.store(text, null);
            try (var channel =
                    FileChannel.open(
                            fresh,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING)) {
                var bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) channel.write(bytes);
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            try (var directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw failure("write", e);
        }
    }

    private MountException failure(String what, Exception e) {
        return new MountException(
                "cannot %s the mount's record %s: %s".formatted(what, file, e.getMessage()), e);
    }
}
