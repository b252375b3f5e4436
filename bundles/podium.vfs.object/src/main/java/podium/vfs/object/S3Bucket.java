package podium.vfs.object;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import podium.vfs.object.BucketException.Kind;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// A bucket of an S3-compatible object store.
final class S3Bucket implements Bucket {

    /// The most objects that are removed at a time.
    private static final int MOST_AT_ONCE = 16;

    private static final int PRECONDITION_FAILED = 412;
    private static final int CONFLICT = 409;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int INSUFFICIENT_STORAGE = 507;

    /// Milliseconds, between one attempt and the next.
    private static final long FIRST_PAUSE = 100;

    private static final long LONGEST_PAUSE = 5000;

    private final String name;
    private final String bucket;
    private final String prefix;
    private final Duration timeout;
    private final S3Client client;

    /// Calls are made by threads that nobody interrupts ([Waiting]).
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    S3Bucket(ObjectOptions options) {
        name = options.name();
        bucket = options.bucket();
        prefix = options.prefix();
        timeout = options.timeout();
        client = client(options);
    }

    private static S3Client client(ObjectOptions options) {
        var attempt = options.timeout().dividedBy(2);
        var http =
                Apache5HttpClient.builder()
                        .connectionTimeout(shorter(attempt, Duration.ofSeconds(5)))
                        .socketTimeout(attempt);
        var builder =
                S3Client.builder()
                        .httpClientBuilder(http)
                        .region(Region.of(options.region()))
                        .forcePathStyle(options.pathStyle())
                        .credentialsProvider(options.credentials())
                        // Servers of others do not know the newer ones, and what is read is checked
                        // by checksums of our own.
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                        .overrideConfiguration(
                                to ->
                                        to.apiCallTimeout(attempt)
                                                .retryStrategy(DefaultRetryStrategy.doNotRetry()));
        if (options.endpoint() != null) builder.endpointOverride(options.endpoint());
        return builder.build();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public String name() {
        return name;
    }

    private <T> T call(String key, Callable<T> call) throws BucketException {
        return wait(submit(key, call));
    }

    private <T> Future<T> submit(String key, Callable<T> call) {
        return callers.submit(
                () -> {
                    Thread.currentThread().setContextClassLoader(S3Bucket.class.getClassLoader());
                    return patiently(key, call);
                });
    }

    /// Again and again while it fails for a reason that passes, until the time is up.
    private <T> T patiently(String key, Callable<T> call) throws Exception {
        long end = System.nanoTime() + timeout.toNanos();
        for (long pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
            BucketException failure;
            try {
                return call.call();
            } catch (SdkException e) {
                failure = known(key, e);
            } catch (RuntimeException e) {
                failure = new BucketException(Kind.REFUSED, "the client fails: " + e, e);
            }
            // Not all at once, when many wait for the same.
            long wait = pause / 2 + ThreadLocalRandom.current().nextLong(pause);
            boolean late = System.nanoTime() + wait * 1_000_000 > end;
            if (failure.kind() != Kind.UNREACHABLE || late) throw failure;
            Thread.sleep(wait);
        }
    }

    private static <T> T wait(Future<T> call) throws BucketException {
        try {
            return Waiting.on(call);
        } catch (BucketException e) {
            throw e;
        } catch (IOException e) {
            throw new BucketException(Kind.UNREACHABLE, String.valueOf(e.getMessage()), e);
        }
    }

    /// What a server's text says is not shown: it may repeat what was sent.
    private BucketException known(String key, SdkException e) {
        if (!(e instanceof AwsServiceException answer)) return client(e);
        int status = answer.statusCode();
        var details = answer.awsErrorDetails();
        var code = details == null ? null : details.errorCode();
        var said = code == null ? "status " + status : code;
        if ("NoSuchBucket".equals(code))
            return new BucketException(Kind.REFUSED, "there is no bucket " + bucket, e);
        if (status == 404) return new BucketException(Kind.MISSING, "there is no object " + key, e);
        if (status == INSUFFICIENT_STORAGE || isFull(said))
            return new BucketException(
                    Kind.FULL, "the bucket has no room left (%s)".formatted(said), e);
        if (status == 401 || status == 403)
            return new BucketException(
                    Kind.REFUSED,
                    "access denied (%s); look at the credentials and what they may do"
                            .formatted(said),
                    e);
        if (status >= 500 || status == 429 || status == 408 || status == CONFLICT)
            return new BucketException(
                    Kind.UNREACHABLE, "the server does not do it (%s)".formatted(said), e);
        return new BucketException(Kind.REFUSED, "the server refuses it (%s)".formatted(said), e);
    }

    private static boolean isFull(String code) {
        return code.contains("StorageFull") || code.contains("QuotaExceeded");
    }

    private static BucketException client(SdkException e) {
        boolean keys = String.valueOf(e.getMessage()).contains("load credentials");
        if (keys)
            return new BucketException(
                    Kind.REFUSED,
                    "there are no credentials; name a file with the option 'credentials', or set"
                            + " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
                    e);
        Throwable cause = e;
        while (cause.getCause() != null) cause = cause.getCause();
        var said = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new BucketException(
                Kind.UNREACHABLE, "the server cannot be reached (%s)".formatted(said), e);
    }

    @Override
    public boolean create(String key, byte[] bytes) throws BucketException {
        return call(
                key,
                () -> {
                    try {
                        client.putObject(
                                to -> to.bucket(bucket).key(prefix + key).ifNoneMatch("*"),
                                RequestBody.fromBytes(bytes));
                        return true;
                    } catch (AwsServiceException e) {
                        if (e.statusCode() == PRECONDITION_FAILED) return false;
                        throw e;
                    }
                });
    }

    @Override
    public void put(String key, byte[] bytes) throws BucketException {
        call(
                key,
                () ->
                        client.putObject(
                                to -> to.bucket(bucket).key(prefix + key),
                                RequestBody.fromBytes(bytes)));
    }

    @Override
    public Part read(String key, long from, int most) throws BucketException {
        var range = "bytes=%d-%d".formatted(from, from + most - 1);
        return call(
                key,
                () -> {
                    try {
                        return client.getObject(
                                to -> to.bucket(bucket).key(prefix + key).range(range),
                                ResponseTransformer.unmanaged(
                                        (answer, stream) -> part(key, answer, stream, from, most)));
                    } catch (AwsServiceException e) {
                        if (e.statusCode() != RANGE_NOT_SATISFIABLE) throw e;
                        throw EntryCodec.damaged(key, "it is cut off");
                    }
                });
    }

    /// Never more than was asked for, whatever is sent.
    private static Part part(
            String key, GetObjectResponse answer, InputStream stream, long from, int most)
            throws IOException {
        try (stream) {
            var length = answer.contentLength();
            if (length == null || length > most || length < 0)
                throw new BucketException(
                        Kind.REFUSED,
                        "the server sends another part of %s than was asked for".formatted(key));
            var bytes = stream.readNBytes(length.intValue());
            if (bytes.length < length)
                throw SdkClientException.create("cut off", new IOException("it was cut off"));
            return new Part(bytes, size(answer, from + length), age(answer));
        }
    }

    private static long size(GetObjectResponse answer, long least) {
        var range = answer.contentRange();
        if (range == null) return least;
        var size = range.substring(range.indexOf('/') + 1);
        return size.matches("\\d{1,18}") ? Long.parseLong(size) : least;
    }

    private static long age(GetObjectResponse answer) {
        if (answer.lastModified() == null) return 0;
        var now =
                answer.sdkHttpResponse()
                        .firstMatchingHeader("Date")
                        .map(S3Bucket::date)
                        .orElse(Instant.now());
        return Math.max(0, Duration.between(answer.lastModified(), now).toSeconds());
    }

    private static Instant date(String text) {
        try {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        } catch (DateTimeParseException e) {
            return Instant.now();
        }
    }

    @Override
    public List<Item> list(String below) throws BucketException {
        return call(
                below,
                () -> {
                    var items = new ArrayList<Item>();
                    for (var object :
                            client.listObjectsV2Paginator(
                                            to -> to.bucket(bucket).prefix(prefix + below))
                                    .contents())
                        items.add(
                                new Item(
                                        object.key().substring(prefix.length()),
                                        object.size(),
                                        object.lastModified()));
                    return items;
                });
    }

    /// One by one: not every server takes many at once.
    @Override
    public void delete(Collection<String> keys) throws BucketException {
        var going = new ArrayDeque<Future<?>>();
        for (var key : keys) {
            if (going.size() >= MOST_AT_ONCE) wait(going.remove());
            going.add(
                    submit(
                            key,
                            () -> client.deleteObject(to -> to.bucket(bucket).key(prefix + key))));
        }
        while (!going.isEmpty()) wait(going.remove());
    }

    @Override
    public void close() {
        callers.close();
        client.close();
    }
}
