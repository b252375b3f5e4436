package podium.shell;

import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import podium.portal.PortalManager;

/// Gogo commands `portal:*`.
@Component(
        service = PortalCommands.class,
        property = {"osgi.command.scope=portal", "osgi.command.function=list"})
public final class PortalCommands {

    private final PortalManager portals;

    @Activate
    public PortalCommands(@Reference PortalManager portals) {
        this.portals = portals;
    }

    @Descriptor("lists portals: where guest ports are reached, and what went through")
    public String list() {
        var columns = new Columns("POD", ">PORT", "URI", ">OPEN", ">TOTAL", ">IN", ">OUT");
        for (var portal : portals.portals()) {
            var traffic = portal.traffic();
            columns.add(
                    portal.port().pod(),
                    portal.port().port(),
                    portal.uri(),
                    traffic.open(),
                    traffic.connections(),
                    Listing.size(traffic.received()),
                    Listing.size(traffic.sent()));
        }
        return columns.toString();
    }
}
