package podium.cli;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.json.Json;
import podium.portal.GuestPort;
import podium.portal.Portal;
import podium.portal.PortalListener;

/// Tells the user where a pod's ports can be reached: a line each, for people or as JSON.
record PortalEvents(String pod, boolean json, PrintStream out) implements PortalListener {

    @Override
    public void opened(Portal portal) {
        if (!portal.port().pod().equals(pod)) return;
        say(
                "portal-opened",
                Map.of("url", portal.uri().toString(), "port", portal.port().port()),
                "listening on " + portal.uri());
    }

    @Override
    public void closed(Portal portal) {
        if (!portal.port().pod().equals(pod)) return;
        say(
                "portal-closed",
                Map.of("url", portal.uri().toString(), "port", portal.port().port()),
                null);
    }

    @Override
    public void failed(GuestPort port, String scheme, String reason) {
        if (!port.pod().equals(pod)) return;
        say(
                "portal-failed",
                Map.of("scheme", scheme, "port", port.port(), "reason", reason),
                "guest port " + port.port() + " has no " + scheme + " portal: " + reason);
    }

    /// @param line for people; null to tell them nothing
    private void say(String event, Map<String, ?> facts, @Nullable String line) {
        if (json) {
            var object = new LinkedHashMap<String, Object>();
            object.put("event", event);
            object.put("pod", pod);
            object.putAll(facts);
            out.println(Json.write(object));
        } else if (line != null) {
            out.println("podium: " + line);
        }
    }
}
