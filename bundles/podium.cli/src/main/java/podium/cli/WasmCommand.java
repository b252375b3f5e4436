package podium.cli;

import picocli.CommandLine.Command;

/// `podium wasm`: commands about WebAssembly modules.
@Command(
        name = "wasm",
        description = "Tells about WebAssembly modules.",
        subcommands = InspectCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class WasmCommand {}
