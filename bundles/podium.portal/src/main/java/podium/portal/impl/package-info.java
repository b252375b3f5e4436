/// Binds listening guest ports to transports of the host.
///
/// (The package podium.portal itself is the API's, and no bundle may hold a second copy of it.)
///
/// All state belongs to one worker thread; events of guests, transports and listeners are handed to
/// it in the order they come. No lock is held while a transport or a listener is called.
@NullMarked
package podium.portal.impl;

import org.jspecify.annotations.NullMarked;
