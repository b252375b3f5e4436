package podium.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import podium.kernel.ModuleCatalog;

/// Prepared forms of modules in a folder, by the paths that the catalog has.
public record Forms(Path folder) implements ModuleCatalog.Prepared {

    @Override
    public @Nullable InputStream open(String path) throws IOException {
        var file = folder.resolve(path);
        return Files.exists(file) ? Files.newInputStream(file) : null;
    }
}
