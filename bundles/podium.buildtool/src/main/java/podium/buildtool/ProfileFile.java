package podium.buildtool;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import podium.engine.ModuleException;
import podium.engine.jvm.ir.Profile;

/// A file with the profile of a training run.
final class ProfileFile {

    private ProfileFile() {}

    static Profile read(Path file) throws IOException {
        try (var reader = Files.newBufferedReader(file)) {
            return Profile.readFrom(reader);
        }
    }

    static void write(Path file, Profile profile) throws IOException, ModuleException {
        OutputFile.write(
                file, to -> profile.writeTo(new OutputStreamWriter(to, StandardCharsets.UTF_8)));
    }
}
