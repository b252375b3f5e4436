/// Reaches a guest port over a TCP port of the host.
///
/// A connection's two directions are pumped by one [Serial] task at a time, on virtual threads; no
/// lock is held while the guest's end or the session is called.
@NullMarked
package podium.portal.tcp;

import org.jspecify.annotations.NullMarked;
