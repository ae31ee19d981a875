package dev.emc.core.mesh;

import java.io.IOException;
import java.time.Duration;

import org.apache.eventmesh.common.protocol.tcp.Command;
import org.apache.eventmesh.common.protocol.tcp.UserAgent;

import dev.emc.api.Check;
import dev.emc.wire.Bodies;
import dev.emc.wire.Frame;

/** Says hello and goodbye to the mesh, and nothing in between: it publishes nothing and takes no event from anybody. */
public final class MeshProbe implements Link.Listener {

    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration CLOSING = Duration.ofSeconds(2);
    private static final String TCP_PORT = "check that mesh.address is the TCP port of an EventMesh server, which is 10000 by default";

    private final MeshSettings settings;
    private final boolean publisher;
    /** Why the connection is gone; null while it isn't. */
    private volatile String lost;

    private MeshProbe(MeshSettings settings, boolean publisher) {
        this.settings = settings;
        this.publisher = publisher;
    }

    /**
     * Looks whether the mesh can be reached and takes this client. Takes some seconds at the most.
     *
     * @param publisher whether as one that publishes, else as one that subscribes
     */
    public static Check check(MeshSettings settings, boolean publisher) throws InterruptedException {
        return new MeshProbe(settings, publisher).check();
    }

    private Check check() throws InterruptedException {
        UserAgent agent = settings.agent(publisher ? "pub" : "sub", 0);
        Link link = new Link(settings.host(), settings.port(), agent, settings.heartbeat(), this);
        try {
            link.connect();
        } catch (IOException e) {
            link.close();
            return failed("can't be reached (" + MeshSession.reason(e) + ")", "start EventMesh there, or correct mesh.address");
        }
        try {
            return judge(link.request(Command.HELLO_REQUEST, Command.HELLO_RESPONSE, Bodies.write(agent), ANSWER), link);
        } catch (IOException e) {
            link.close();
            link.awaitClosed(CLOSING); // only then it has surely said why
            return failed("takes the connection and gives no answer to a hello ("
                    + (lost == null ? MeshSession.reason(e) : lost) + ")", TCP_PORT);
        } finally {
            link.close();
            link.awaitClosed(CLOSING);
        }
    }

    private Check judge(Frame answer, Link link) throws InterruptedException {
        String why = answer.desc() == null ? "code " + answer.code() : answer.desc();
        if (Overload.is(answer)) {
            return failed("has too much to do and takes nobody now (" + why + ")", "try again in a moment");
        }
        if (answer.code() != Frame.SUCCESS) {
            return failed("refuses this client (" + why + ")", "check mesh.group, mesh.username and mesh.password");
        }
        try {
            link.request(Command.CLIENT_GOODBYE_REQUEST, Command.CLIENT_GOODBYE_RESPONSE, new byte[0], CLOSING);
        } catch (IOException closedAtOnce) {
            // that is an answer as well
        }
        return Check.passed(subject(), "takes this client as a " + (publisher ? "publisher" : "subscriber") + " of group "
                + settings.group());
    }

    private Check failed(String message, String remedy) {
        return Check.failed(subject(), message, remedy);
    }

    private String subject() {
        return "mesh " + settings.address();
    }

    @Override
    public void received(Link link, Frame frame) {
        // nothing was asked for
    }

    @Override
    public void receivedAll(Link link) {
        // nothing was asked for
    }

    @Override
    public void redirected(String host, int port) {
        // the worker follows; that the mesh answers is all that is to be known here
    }

    @Override
    public void lost(Link link, String reason) {
        lost = reason;
    }
}
