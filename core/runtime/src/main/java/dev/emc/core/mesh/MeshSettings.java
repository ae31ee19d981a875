package dev.emc.core.mesh;

import java.time.Duration;
import java.util.List;

import org.apache.eventmesh.common.protocol.tcp.UserAgent;

import dev.emc.api.FatalException;
import dev.emc.core.config.WorkerConfig;

/**
 * How a client of the mesh behaves.
 *
 * @param host name or address of the server
 * @param port TCP port of the server
 * @param group what the server knows this client by; subscribers of one group share the events
 * @param topics what a subscriber subscribes to
 * @param broadcasting whether each subscriber of the group gets all events
 * @param sessions connections to the server
 * @param window records sent and not yet answered at the most, on each connection
 * @param ackTimeout how long to wait for the answer to a record
 * @param maxEventSize longest event on the wire, bytes
 * @param env environment, for the server
 * @param idc data centre, for the server
 * @param subsystem subsystem, for the server
 * @param username may be null
 * @param password may be null
 * @param unacked events that the server may have pushed to a subscriber without an acknowledgement, at the most, on each
 *            connection; 0 leaves that to the server. Real servers of 1.10.0 don't look at it
 * @param heartbeat time between two heartbeats; servers reset a client after about 60 s without one
 */
public record MeshSettings(String host, int port, String group, List<String> topics, boolean broadcasting, int sessions,
        int window, Duration ackTimeout, long maxEventSize, String env, String idc, String subsystem, String username,
        String password, int unacked, Duration heartbeat) {

    private static final Duration HEARTBEAT = Duration.ofSeconds(20);

    /**
     * @param worker the worker's name, the group when none is set
     * @param inFlight records that the worker takes in and has not yet finished, at the most
     * @throws FatalException when the address is none
     */
    public static MeshSettings of(WorkerConfig.Mesh mesh, String worker, int inFlight) throws FatalException {
        String address = mesh.address().strip();
        int colon = address.lastIndexOf(':');
        int port = 0;
        try {
            port = Integer.parseInt(address.substring(colon + 1));
        } catch (NumberFormatException e) {
            // told below
        }
        String host = colon < 1 ? "" : address.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isBlank() || port < 1 || port > 65535) {
            throw new FatalException("mesh.address has to be host:port, such as 127.0.0.1:10000, but is '" + address + "'.");
        }
        int sessions = Math.max(1, mesh.sessions());
        return new MeshSettings(host, port, mesh.group().orElse(worker), mesh.topic(),
                mesh.mode() == WorkerConfig.Mesh.Mode.BROADCASTING, sessions, Math.max(1, mesh.window()),
                mesh.ackTimeout(), mesh.maxEventSize().asLongValue(), mesh.env(), mesh.idc(), mesh.subsystem(),
                mesh.username().orElse(null), mesh.password().orElse(null), Math.max(1, inFlight / sessions), HEARTBEAT);
    }

    /** The same with one connection. */
    public MeshSettings single() {
        return new MeshSettings(host, port, group, topics, broadcasting, 1, window, ackTimeout, maxEventSize, env, idc,
                subsystem, username, password, unacked, heartbeat);
    }

    /**
     * What a client says of itself in its hello.
     *
     * @param purpose {@code pub} or {@code sub}
     * @param mayPush events that the server may push without an acknowledgement; 0: as it likes
     */
    UserAgent agent(String purpose, int mayPush) {
        return UserAgent.builder().env(env).idc(idc).subsystem(subsystem).group(group).purpose(purpose).username(username)
                .password(password).pid((int) ProcessHandle.current().pid()).host("localhost").port(0).path("emc")
                .version("1.10.0").unack(mayPush).build();
    }

    /** {@code host:port}, for people. */
    String address() {
        return host + ":" + port;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "MeshSettings[" + address() + ", group " + group + ", topics " + topics + "]";
    }
}
