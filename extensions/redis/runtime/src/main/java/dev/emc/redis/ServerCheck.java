package dev.emc.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

import dev.emc.api.Check;
import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.core.config.RedisAccess.ClientType;

/** Looks whether the server can be reached, and then at what a connector needs there. */
final class ServerCheck {

    /** What to look at in a server that answers. */
    interface Further {
        List<Check> look(Link link) throws ConnectorException, InterruptedException;
    }

    private ServerCheck() {}

    /** @param writes whether the connector changes anything in the server */
    static List<Check> look(RedisConnectorConfig config, Supplier<Vertx> vertx, boolean writes, Further further)
            throws InterruptedException {
        List<Check> checks = new ArrayList<>();
        try (Link link = new Link(UrlAccess.of(config), vertx)) {
            link.send(Request.cmd(Command.PING));
            checks.add(Check.passed("Redis", link.place() + " answers"));
            checks.addAll(further.look(link));
            if (writes && config.clientType() == ClientType.STANDALONE) {
                roleCheck(link).ifPresent(checks::add);
            }
        } catch (FatalException wrong) {
            checks.add(failed(wrong, "correct the keys under connector, or the server's users"));
        } catch (ConnectorException away) {
            checks.add(failed(away, "start the server, or correct connector.hosts or connector.url"));
        }
        return checks;
    }

    /** @param remedy for a message that has none after its last semicolon */
    private static Check failed(ConnectorException error, String remedy) {
        String message = error.getMessage();
        int end = message.lastIndexOf("; ");
        return end < 0
                ? Check.failed("Redis", message, remedy)
                : Check.failed("Redis", message.substring(0, end), message.substring(end + 2));
    }

    /** What is wrong with a server that can't be written; nothing where its user may not know. */
    private static Optional<Check> roleCheck(Link link) throws ConnectorException, InterruptedException {
        return replication(link).contains("role:slave")
                ? Optional.of(Check.failed("role", link.place() + " is a replica and can't be written",
                        "make it the master, or correct connector.hosts or connector.url"))
                : Optional.empty();
    }

    /** How many replicas a server has that copy it now; nothing where its user may not know. */
    static OptionalInt replicas(Link link) throws ConnectorException, InterruptedException {
        String about = replication(link);
        return about.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of((int) about.lines().filter(line -> line.matches("slave[0-9]+:.*state=online.*")).count());
    }

    private static String replication(Link link) throws ConnectorException, InterruptedException {
        Reply reply = link.ask(Request.cmd(Command.INFO).arg("replication"), Duration.ZERO);
        return reply.refusal() == null ? reply.value().toString() : "";
    }
}
