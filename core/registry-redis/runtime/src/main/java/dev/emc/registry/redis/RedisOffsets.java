package dev.emc.registry.redis;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.Position;
import dev.emc.core.engine.LeaseHeldException;
import dev.emc.core.engine.OffsetStore;
import dev.emc.core.registry.PositionJson;

/** What {@link RedisRegistry} keeps, for an operator. */
final class RedisOffsets implements OffsetStore {

    /** Among the positions, where partitions are JSON objects. */
    private static final String TOKEN = "token";

    private final RedisLink link;
    private final String prefix;

    RedisOffsets(RedisLink link, String prefix) {
        this.link = link;
        this.prefix = prefix;
    }

    @Override
    public List<String> workers() throws ConnectorException, InterruptedException {
        List<String> workers = new ArrayList<>();
        for (Response name : link.send(Request.cmd(Command.SMEMBERS).arg(prefix + ":workers"))) {
            workers.add(name.toString());
        }
        Collections.sort(workers);
        return workers;
    }

    @Override
    public Optional<Content> read(String worker) throws ConnectorException, InterruptedException {
        Response answer = link.read(Script.READ, WorkerKeys.of(prefix, worker), List.of());
        List<Position> positions = positions(answer.get(2), worker, link.place());
        if (answer.get(0).toString().isEmpty() && positions.isEmpty()) {
            return Optional.empty();
        }
        String holder = answer.get(1).toString();
        return Optional.of(new Content(positions, holder.isEmpty() ? Optional.empty() : Optional.of(holder)));
    }

    @Override
    public void replace(String worker, Collection<Position> positions, boolean force)
            throws ConnectorException, LeaseHeldException, InterruptedException {
        List<String> arguments = new ArrayList<>();
        arguments.add(force ? "1" : "0");
        for (Position position : positions) {
            if (!position.offset().isEmpty()) {
                arguments.add(PositionJson.text(position.partition()));
                arguments.add(PositionJson.text(position.offset()));
            }
        }
        Response answer = link.write(Script.REPLACE, WorkerKeys.of(prefix, worker), arguments);
        if (answer.get(0).toInteger() == 0) {
            String holder = answer.get(1).toString();
            throw new LeaseHeldException("worker '" + worker + "' is running on " + holder + "; stop it first", holder,
                    Duration.ofMillis(answer.get(2).toLong()));
        }
        link.send(Request.cmd(Command.SADD).arg(prefix + ":workers").arg(worker));
    }

    /** Positions from partitions and offsets in turns. */
    static List<Position> positions(Response texts, String worker, String place) throws FatalException {
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i + 1 < texts.size(); i += 2) {
            if (texts.get(i).toString().equals(TOKEN)) {
                continue;
            }
            try {
                positions.add(PositionJson.position(texts.get(i).toString(), texts.get(i + 1).toString()));
            } catch (IOException | IllegalArgumentException unreadable) {
                throw new FatalException("what " + place + " has as positions of worker '" + worker
                        + "' can't be read; set them with the command offsets, or choose another registry.redis.prefix");
            }
        }
        return positions;
    }

    @Override
    public void tryWriting(String worker) throws ConnectorException, InterruptedException {
        link.write(Script.TRY, WorkerKeys.ofTrial(prefix, worker), List.of());
    }

    @Override
    public String place() {
        return link.place();
    }

    @Override
    public void close() {
        link.close();
    }
}
