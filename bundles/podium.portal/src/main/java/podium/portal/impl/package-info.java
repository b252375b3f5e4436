/// Binds listening guest ports to transports of the host.
///
/// (The package podium.portal itself is the API's, and no bundle may hold a second copy of it.)
@NullMarked
package podium.portal.impl;

import org.jspecify.annotations.NullMarked;
