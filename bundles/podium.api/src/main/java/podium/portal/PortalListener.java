package podium.portal;

/// Is told when portals open and close: a service, any number of them. A listener that is added
/// later is told of the portals that are open already. Must return soon.
public interface PortalListener {

    void opened(Portal portal);

    void closed(Portal portal);

    /// A port that should have been exposed could not be.
    ///
    /// @param reason one line for people
    void failed(GuestPort port, String scheme, String reason);
}
