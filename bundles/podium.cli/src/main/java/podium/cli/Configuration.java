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

    static Map<String, String> read(Path home) throws IOException {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(home.resolve("conf/config.properties"))) {
            properties.load(reader);
        }
        var configuration = new HashMap<String, String>();
        for (var name : properties.stringPropertyNames())
            configuration.put(
                    name, properties.getProperty(name).replace("${podium.home}", home.toString()));
        return configuration;
    }
}
