package podium.vfs.object;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jclouds.blobstore.BlobStore;
import org.jclouds.blobstore.domain.Blob;
import org.jclouds.blobstore.domain.MultipartPart;
import org.jclouds.blobstore.domain.MultipartUpload;
import org.jclouds.blobstore.options.PutOptions;
import org.jclouds.blobstore.util.ForwardingBlobStore;
import org.jclouds.io.Payload;
import org.jclouds.io.payloads.ByteArrayPayload;

/// Takes an object when all of it is there. The store of the server for tests leaves something half
/// behind of one that is cut off, as by a writer that is killed, and can list nothing from then on.
final class WholeBlobs extends ForwardingBlobStore {

    WholeBlobs(BlobStore store) {
        super(store);
    }

    @Override
    public String putBlob(String bucket, Blob blob) {
        blob.setPayload(whole(blob.getPayload()));
        return super.putBlob(bucket, blob);
    }

    @Override
    public String putBlob(String bucket, Blob blob, PutOptions options) {
        blob.setPayload(whole(blob.getPayload()));
        return super.putBlob(bucket, blob, options);
    }

    @Override
    public MultipartPart uploadMultipartPart(MultipartUpload upload, int part, Payload payload) {
        return super.uploadMultipartPart(upload, part, whole(payload));
    }

    private static Payload whole(Payload payload) {
        var all = new ByteArrayOutputStream();
        try (var in = payload.openStream()) {
            // Not readAllBytes: to read nothing is the end for this stream.
            in.transferTo(all);
            var length = payload.getContentMetadata().getContentLength();
            if (length != null && length != all.size())
                throw new IOException("%d of %d bytes".formatted(all.size(), length));
            var whole = new ByteArrayPayload(all.toByteArray());
            whole.setContentMetadata(payload.getContentMetadata());
            return whole;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
