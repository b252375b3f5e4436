/// Serves many pods on one port, told apart by host name.
@NullMarked
package podium.portal.http;

import org.jspecify.annotations.NullMarked;
