package podium.portal;

/// Is told when guests begin and end to listen: a service, any number of them. A listener that is
/// added later is told of the ports that are open already. Called by guest threads, in the order of
/// events for one port; must return soon.
public interface GuestPortListener {

    void opened(GuestPort port);

    void closed(GuestPort port);
}
