/// Socket system calls of the `linux` import module, and the network of a pod.
///
/// A pod's network is its own: loopback connections are byte rings inside the kernel and never
/// reach the host. What leaves the pod is judged by [podium.pod.NetworkGrants] first.
///
/// Lock order, outermost first: [PodNetwork] (names, ports, backlogs, connection set-up), then a
/// socket, then a connection's or queue's own lock, then wait queues. Guest port listeners are
/// called without any of them.
@NullMarked
package podium.syscall.net;

import org.jspecify.annotations.NullMarked;
