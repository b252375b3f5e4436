package podium.kernel;

import org.jspecify.annotations.Nullable;
import podium.pod.ProcessSpec;

/// A process's standard descriptors, over streams of the host's. Each has a use, which belongs to
/// whoever made them.
record StandardFiles(
        StreamInput input, StreamOutput output, StreamOutput error, @Nullable Terminal terminal) {

    /// @param unread what the guest reads first
    static StandardFiles of(ProcessSpec wanted, byte[] unread) {
        var pump = new InputPump(wanted.input(), unread);
        var input = new StreamInput(pump);
        var output = new StreamOutput(1, wanted.output());
        var error = new StreamOutput(2, wanted.error());
        Terminal terminal = null;
        if (wanted.terminal()) {
            terminal = new Terminal(pump, output);
            input.setTerminal(terminal);
            output.setTerminal(terminal);
            error.setTerminal(terminal);
        }
        return new StandardFiles(input, output, error, terminal);
    }

    StreamFile get(int number) {
        return switch (number) {
            case 0 -> input;
            case 1 -> output;
            default -> error;
        };
    }

    void addTo(DescriptorTable descriptors) {
        descriptors.add(input, false);
        descriptors.add(output, false);
        descriptors.add(error, false);
    }

    void release() {
        input.release();
        output.release();
        error.release();
    }
}
