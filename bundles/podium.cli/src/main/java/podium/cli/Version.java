package podium.cli;

import picocli.CommandLine.IVersionProvider;

/// `podium --version`.
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        var version = Version.class.getPackage().getImplementationVersion();
        return new String[] {"podium " + (version == null ? "(unpackaged)" : version)};
    }
}
