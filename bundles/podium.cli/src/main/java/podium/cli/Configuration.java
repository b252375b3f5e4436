package podium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/// `conf/config.properties`: framework properties, where `${podium.home}` stands for the
/// distribution's folder.
final class Configuration {

    private Configuration() {}

    /// Has the container log what it does, and errors with stack traces: `conf/logback.xml` reads
    /// these system properties.
    static void verbose() {
        System.setProperty("podium.log.level", "INFO");
        System.setProperty("podium.log.form", "trace");
    }

    /// @throws CommandException the file is not there or malformed
    static Map<String, String> read(Path home) throws CommandException {
        var file = home.resolve("conf/config.properties");
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException("cannot read '" + file + "': " + CommandException.reason(e));
        }
        var configuration = new HashMap<String, String>();
        for (var name : properties.stringPropertyNames())
            configuration.put(
                    name, properties.getProperty(name).replace("${podium.home}", home.toString()));
        return configuration;
    }
}
