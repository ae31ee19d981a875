package dev.emc.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;

import dev.emc.api.Check;
import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;

/** Looks whether the server can be reached, and then at what a connector needs there. */
final class ServerCheck {

    /** What to look at in a server that answers. */
    interface Further {
        List<Check> look(Link link) throws ConnectorException, InterruptedException;
    }

    private ServerCheck() {}

    static List<Check> look(RedisConnectorConfig config, Supplier<Vertx> vertx, Further further) throws InterruptedException {
        List<Check> checks = new ArrayList<>();
        try (Link link = new Link(UrlAccess.of(config), vertx)) {
            link.send(Request.cmd(Command.PING));
            checks.add(Check.passed("Redis", link.place() + " answers"));
            checks.addAll(further.look(link));
        } catch (FatalException wrong) {
            checks.add(Check.failed("Redis", wrong.getMessage(), "correct the keys under connector, or the server's users"));
        } catch (ConnectorException away) {
            checks.add(
                    Check.failed("Redis", away.getMessage(), "start the server, or correct connector.hosts or connector.url"));
        }
        return checks;
    }
}
