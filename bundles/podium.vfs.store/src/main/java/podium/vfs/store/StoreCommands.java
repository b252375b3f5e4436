package podium.vfs.store;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Component;

/// Gogo commands `fs:check` and `fs:repair`, for stores that are not mounted.
@Component(
        service = StoreCommands.class,
        property = {
            "osgi.command.scope=fs",
            "osgi.command.function=check",
            "osgi.command.function=repair"
        })
public final class StoreCommands {

    /// Tells what is wrong with a store.
    ///
    /// @param path directory of the host
    /// @return lines
    public String check(String path) throws IOException {
        var lines = new StringBuilder();
        Check.check(Path.of(path), line -> lines.append(line).append('\n'));
        return lines.toString();
    }

    /// Repairs a store.
    ///
    /// @param path directory of the host
    /// @return lines
    public String repair(String path) throws IOException {
        var lines = new StringBuilder();
        Check.repair(Path.of(path), line -> lines.append(line).append('\n'));
        return lines.toString();
    }
}
