package podium.kernel.frozen;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import podium.kernel.gate.PausedCall;
import podium.syscall.TaskSignals.AlternativeStack;

/// The one task of a process.
///
/// @param mask blocked signals
/// @param stack for handlers, or null
/// @param clearTid see [podium.syscall.Task#setClearTid(int)]
/// @param frames what goes on with it; null when it begins anew
public record FrozenTask(
        long mask, @Nullable AlternativeStack stack, int clearTid, @Nullable Frames frames) {

    /// Frames that were taken down.
    ///
    /// @param block the address they were written to
    /// @param call they are in
    public record Frames(int block, PausedCall call) {}

    void writeTo(DataOutputStream out) throws IOException {
        out.writeLong(mask);
        out.writeBoolean(stack != null);
        if (stack != null) {
            out.writeInt(stack.address());
            out.writeInt(stack.size());
        }
        out.writeInt(clearTid);
        out.writeBoolean(frames != null);
        if (frames == null) return;
        out.writeInt(frames.block);
        out.writeBoolean(frames.call.repeats());
        out.writeLong(frames.call.result());
        out.writeLong(frames.call.remaining());
    }

    static FrozenTask readFrom(DataInputStream in) throws IOException {
        return new FrozenTask(
                in.readLong(),
                in.readBoolean() ? new AlternativeStack(in.readInt(), in.readInt()) : null,
                in.readInt(),
                in.readBoolean()
                        ? new Frames(
                                in.readInt(),
                                new PausedCall(in.readBoolean(), in.readLong(), in.readLong()))
                        : null);
    }
}
