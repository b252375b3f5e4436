/// Reaches guest ports of many pods over one HTTP port of the host, by host name.
///
/// A client's connection is served by one [podium.portal.mina.Serial] task at a time, on virtual
/// threads; no lock is
/// held while a guest's end or a session is called. Lock order: endpoint table, endpoint, route.
@NullMarked
package podium.portal.http;

import org.jspecify.annotations.NullMarked;
