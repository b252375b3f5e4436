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
/// @param frames address of the block that its frames were written to
/// @param call it is in
public record FrozenTask(
        long mask, @Nullable AlternativeStack stack, int clearTid, int frames, PausedCall call) {

    void writeTo(DataOutputStream out) throws IOException {
        out.writeLong(mask);
        out.writeBoolean(stack != null);
        if (stack != null) {
            out.writeInt(stack.address());
            out.writeInt(stack.size());
        }
        out.writeInt(clearTid);
        out.writeInt(frames);
        out.writeBoolean(call.repeats());
        out.writeLong(call.result());
        out.writeLong(call.remaining());
    }

    static FrozenTask readFrom(DataInputStream in) throws IOException {
        return new FrozenTask(
                in.readLong(),
                in.readBoolean() ? new AlternativeStack(in.readInt(), in.readInt()) : null,
                in.readInt(),
                in.readInt(),
                new PausedCall(in.readBoolean(), in.readLong(), in.readLong()));
    }
}
