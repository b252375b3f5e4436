package podium.vfs.object;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.backend.DurableOptions;
import podium.vfs.backend.MountOptions;
import podium.vfs.backend.SpaceLimits;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;

/// What a mount asks for. Nothing in it is secret: options are shown to people.
///
/// @param prefix of keys, empty or ending with a slash
/// @param endpoint null: Amazon's
/// @param credentialsFile null: wherever Amazon's tools look for them
/// @param cacheSize bytes
/// @param local whether a sync promises no more than the cache
/// @param timeout how long somebody may be kept waiting
record ObjectOptions(
        String bucket,
        String prefix,
        @Nullable URI endpoint,
        String region,
        boolean pathStyle,
        @Nullable Path credentialsFile,
        @Nullable String profile,
        Path cache,
        long cacheSize,
        boolean local,
        Duration timeout,
        DurableOptions durable) {

    private static final Set<String> NAMES =
            SpaceLimits.names(
                    "endpoint",
                    "region",
                    "path-style",
                    "credentials",
                    "profile",
                    "cache",
                    "cache-size",
                    "sync",
                    "timeout",
                    "path",
                    "mode",
                    "uid",
                    "gid");

    private static final String SCHEME = "s3://";

    static ObjectOptions of(MountSpec spec) throws MountException {
        var options = new MountOptions("an object store", spec, NAMES);
        var given = spec.options();
        var source = given.getOrDefault("path", spec.source());
        if (source.startsWith(SCHEME)) source = source.substring(SCHEME.length());
        int slash = source.indexOf('/');
        var bucket = slash < 0 ? source : source.substring(0, slash);
        var prefix = prefix(slash < 0 ? "" : source.substring(slash + 1));
        if (!bucket.matches("[A-Za-z0-9][A-Za-z0-9._-]{1,254}"))
            throw new MountException(
                    "an object store needs a source BUCKET or BUCKET/PREFIX, and '%s' is none"
                            .formatted(spec.source()));
        var endpoint = endpoint(given.get("endpoint"));
        boolean local = choice(given, "sync", "bucket", "local");
        var cache = given.get("cache");
        if (local && cache == null)
            throw new MountException(
                    "sync=local needs cache=DIRECTORY, which has what was synced until the bucket"
                            + " has it");
        var path = cache == null ? standardCache(endpoint, bucket, prefix) : path("cache", cache);
        var file = given.get("credentials");
        return new ObjectOptions(
                bucket,
                prefix,
                endpoint,
                given.getOrDefault("region", standardRegion()),
                given.containsKey("path-style")
                        ? choice(given, "path-style", "no", "yes")
                        : endpoint != null,
                file == null ? null : readable(path("credentials", file)),
                given.get("profile"),
                path,
                options.size("cache-size", 10L << 30),
                local,
                Duration.ofSeconds(seconds(options)),
                new DurableOptions(
                        path,
                        SpaceLimits.of(options, Long.MAX_VALUE >> 1),
                        options.mode("mode", "755"),
                        options.id("uid"),
                        options.id("gid")));
    }

    private static long seconds(MountOptions options) throws MountException {
        long seconds = options.size("timeout", 60);
        if (seconds >= 1 && seconds <= 3600) return seconds;
        throw new MountException("option 'timeout' is between 1 and 3600 seconds");
    }

    private static String prefix(String text) throws MountException {
        var prefix = text.isEmpty() || text.endsWith("/") ? text : text + "/";
        if (prefix.length() <= 512 && !prefix.startsWith("/") && !prefix.contains("//"))
            return prefix;
        throw new MountException("'%s' is no prefix of keys".formatted(text));
    }

    private static @Nullable URI endpoint(@Nullable String text) throws MountException {
        if (text == null) return null;
        try {
            var uri = new URI(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getUserInfo() == null) return uri;
        } catch (URISyntaxException e) {
            // said below
        }
        throw new MountException(
                "option 'endpoint' is a URL such as https://s3.example.com, without credentials");
    }

    private static String standardRegion() {
        for (var name : new String[] {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
            var region = System.getenv(name);
            if (region != null && !region.isEmpty()) return region;
        }
        return "us-east-1";
    }

    private static boolean choice(Map<String, String> given, String name, String no, String yes)
            throws MountException {
        var value = given.getOrDefault(name, no);
        if (value.equals(yes)) return true;
        if (value.equals(no)) return false;
        throw new MountException(
                "option '%s' is %s or %s, not '%s'".formatted(name, no, yes, value));
    }

    private static Path path(String option, String text) throws MountException {
        try {
            return Path.of(text).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new MountException("option '%s' is no path: %s".formatted(option, text), e);
        }
    }

    private static Path readable(Path file) throws MountException {
        if (Files.isReadable(file)) return file;
        throw new MountException("there are no credentials that can be read in " + file);
    }

    private static Path standardCache(@Nullable URI endpoint, String bucket, String prefix) {
        var base = System.getenv("XDG_CACHE_HOME");
        var folder =
                base == null || base.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(base);
        var name = "%s %s/%s".formatted(endpoint, bucket, prefix);
        try {
            var hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(name.getBytes(StandardCharsets.UTF_8));
            return folder.resolve("podium/object").resolve(HexFormat.of().formatHex(hash, 0, 12));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The same, with room for everything in the cache.
    ObjectOptions withWholeCache() {
        return new ObjectOptions(
                bucket,
                prefix,
                endpoint,
                region,
                pathStyle,
                credentialsFile,
                profile,
                cache,
                Long.MAX_VALUE,
                local,
                timeout,
                durable);
    }

    /// What the tree is called in messages.
    String name() {
        return SCHEME + bucket + "/" + prefix;
    }

    /// Where the keys come from: asked for each time they are needed.
    AwsCredentialsProvider credentials() {
        var file = credentialsFile;
        if (file == null) {
            var provider = DefaultCredentialsProvider.builder();
            if (profile != null) provider.profileName(profile);
            return provider.build();
        }
        var profiles =
                ProfileFile.builder().content(file).type(ProfileFile.Type.CREDENTIALS).build();
        return ProfileCredentialsProvider.builder()
                .profileFile(profiles)
                .profileName(profile == null ? "default" : profile)
                .build();
    }
}
