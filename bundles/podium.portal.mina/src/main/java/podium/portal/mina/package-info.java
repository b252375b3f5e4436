/// What transports on Apache MINA share. Each has a copy of its own in its bundle.
///
/// A client is served by one [Serial] task at a time, on virtual threads; no lock is held while the
/// guest's end is called.
@NullMarked
package podium.portal.mina;

import org.jspecify.annotations.NullMarked;
