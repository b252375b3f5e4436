package podium.vfs.object;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Waits for what another thread does. An interrupt of who waits stays for whom it may concern: the
/// client of the bucket would give up in the middle, and whoever is interrupted often would never
/// get anything done.
final class Waiting {

    private Waiting() {}

    static <T> T on(Future<T> future) throws IOException {
        boolean interrupted = false;
        try {
            for (; ; )
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw failure(e.getCause());
                }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private static IOException failure(@Nullable Throwable cause) {
        return switch (cause) {
            case BucketException e -> new BucketException(e.kind(), e.getMessage(), e);
            case IOException e -> new IOException(e.getMessage(), e);
            case Error e -> throw e;
            case RuntimeException e -> throw e;
            case null, default -> throw new IllegalStateException(cause);
        };
    }
}
