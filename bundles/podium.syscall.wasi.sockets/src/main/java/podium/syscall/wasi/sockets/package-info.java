/// Sockets that programs of WASI make themselves, by WasmEdge's extension of
/// `wasi_snapshot_preview1`, over the sockets of the pod. See WasmEdge, lib/host/wasi/wasifunc.cpp
/// and
/// include/host/wasi; second-state, wasmedge_wasi_socket.
@NullMarked
package podium.syscall.wasi.sockets;

import org.jspecify.annotations.NullMarked;
