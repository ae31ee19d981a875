package dev.emc.http;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

import dev.emc.api.Check;
import dev.emc.api.ConfigProblem;
import dev.emc.api.ConnectorException;
import dev.emc.api.ConnectorRecord;
import dev.emc.api.Failure;
import dev.emc.api.FatalException;
import dev.emc.api.Guarantees;
import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;
import dev.emc.api.Sink;
import dev.emc.api.SinkContext;
import dev.emc.http.HttpSinkConfig.Format;
import dev.emc.http.HttpSinkConfig.Strategy;
import dev.emc.http.client.Auths;
import dev.emc.http.client.ClientSettings;
import dev.emc.http.client.HttpSender;
import dev.emc.http.client.ParallelSends;
import dev.emc.kit.Template;
import dev.emc.kit.Tls;
import dev.emc.wire.EventFormatException;
import dev.emc.wire.StructuredJson;

/** Sends events to HTTP servers. */
@Guarantees(delivery = Guarantees.Delivery.AT_LEAST_ONCE, ordering = "none: several requests are under way together; with `connector.key` as received among the events of a key", idempotency = "an event that comes again is sent again, with the same `Idempotency-Key`, its `id`; a broadcast is not sent again to those that have confirmed it, until the worker restarts", testedWith = {
        "the HTTP client and server of JDK 17", "Vert.x 4.5", "CloudEvents SDK 4.0"}, limits = {
                "A batch that the server refuses is sent again event by event, to find the bad ones.",
                "Redirects to another host are never followed."})
public class HttpSink implements Sink {

    private final HttpSinkConfig config;
    private HttpSender sender;
    private RequestWriter writer;
    private Template key;
    private int turn;
    /** What has become of events that not all URLs have answered for. Entries go when the worker has forgotten the event. */
    private final Map<ConnectorRecord, Progress> unfinished = new WeakHashMap<>();

    /** How far an event is that goes to several URLs. */
    private static final class Progress {
        private final BitSet settled = new BitSet();
        private PermanentException refusal;
    }

    /** What a request is for. */
    private record Send(List<ConnectorRecord> records, int target) {}

    public HttpSink(HttpSinkConfig config) {
        this.config = config;
    }

    @Override
    public List<ConfigProblem> validate() {
        return new HttpSinkRules(config).check();
    }

    @Override
    public List<Check> check() throws Exception {
        return HttpSinkCheck.check(config);
    }

    static HttpSender sender(HttpSinkConfig config) throws FatalException {
        return new HttpSender(
                ClientSettings.of(config.http(), config.tls().enabled() ? Tls.client(config.tls()) : null),
                Auths.of(config.auth(), RequestWriter.idHeader(config).orElse("Idempotency-Key")),
                Set.copyOf(config.retryAlso().orElse(List.of())));
    }

    @Override
    public void start(SinkContext context) throws ConnectorException, InterruptedException {
        writer = new RequestWriter(config);
        key = config.key().map(Template::parse).orElse(null);
        sender = sender(config);
        HttpSinkCheck.reach(config);
    }

    @Override
    public List<Failure> put(List<ConnectorRecord> batch) throws ConnectorException, InterruptedException {
        Map<ConnectorRecord, ConnectorException> errors = new LinkedHashMap<>();
        List<ParallelSends.Item<Send>> items = config.format() == Format.BATCH
                ? batches(batch, errors)
                : singles(batch, errors);
        for (ParallelSends.Result<Send> result : ParallelSends.send(sender, config.refused(), config.parallel(), items)) {
            settle(result, errors);
        }
        List<Failure> failures = new ArrayList<>();
        for (ConnectorRecord record : batch) {
            ConnectorException error = errors.get(record);
            Progress progress = unfinished.get(record);
            if (error == null && progress != null && progress.refusal != null) {
                error = progress.refusal; // now that all others have it
            }
            if (error != null) {
                failures.add(new Failure(record, error));
            }
            if (!(error instanceof RetryableException)) {
                unfinished.remove(record);
            }
        }
        return failures;
    }

    private List<ParallelSends.Item<Send>> singles(List<ConnectorRecord> batch,
            Map<ConnectorRecord, ConnectorException> errors) {
        List<ParallelSends.Item<Send>> items = new ArrayList<>();
        Set<Object> blocked = new LinkedHashSet<>();
        for (ConnectorRecord record : batch) {
            try {
                String order = key == null ? null : key.apply(record);
                if (order != null && blocked.contains(order)) {
                    errors.put(record, new RetryableException("waits for an earlier event with the same key"));
                    continue;
                }
                try {
                    for (int target : targets(record)) {
                        items.add(new ParallelSends.Item<>(new Send(List.of(record), target),
                                order == null ? null : List.of(order, isBroadcast() ? target : -1),
                                writer.request(record, target)));
                    }
                } catch (RetryableException e) {
                    blocked.add(order);
                    errors.put(record, e);
                }
            } catch (PermanentException e) {
                items.removeIf(item -> item.subject().records().get(0) == record);
                errors.put(record, e);
            }
        }
        return items;
    }

    /** Batches of those that can be written; the next target for each. */
    private List<ParallelSends.Item<Send>> batches(List<ConnectorRecord> batch,
            Map<ConnectorRecord, ConnectorException> errors) {
        Map<List<Integer>, List<ConnectorRecord>> byTargets = new LinkedHashMap<>();
        List<ParallelSends.Item<Send>> items = new ArrayList<>();
        Map<ConnectorRecord, byte[]> events = new LinkedHashMap<>();
        for (ConnectorRecord record : batch) {
            try {
                events.put(record, StructuredJson.write(record));
                // all of one put go to the same target in turn, but those that some targets have already
                byTargets.computeIfAbsent(isBroadcast() ? targets(record) : List.of(), key -> new ArrayList<>()).add(record);
            } catch (EventFormatException e) {
                errors.put(record, new PermanentException(e.getMessage(), e));
            }
        }
        byTargets.forEach((targets, records) -> {
            for (int from = 0; from < records.size(); from += config.batchSize()) {
                List<ConnectorRecord> part = records.subList(from, Math.min(records.size(), from + config.batchSize()));
                for (int target : isBroadcast() ? targets : targets(part.get(0))) {
                    // one after the other: what is behind a batch that failed for now comes after it again
                    items.add(new ParallelSends.Item<>(new Send(part, target), "batch " + (isBroadcast() ? target : -1),
                            writer.batch(part.stream().map(events::get).toList(), part.get(0).id(), target)));
                }
            }
        });
        return items;
    }

    private boolean isBroadcast() {
        return config.delivery() == Strategy.BROADCAST;
    }

    /** The URLs that an event has to be sent to. */
    private List<Integer> targets(ConnectorRecord record) {
        if (!isBroadcast()) {
            turn = (turn + 1) % writer.targets();
            return List.of(turn);
        }
        Progress progress = unfinished.get(record);
        List<Integer> targets = new ArrayList<>();
        for (int target = 0; target < writer.targets(); target++) {
            if (progress == null || !progress.settled.get(target)) {
                targets.add(target);
            }
        }
        return targets;
    }

    /** Sends the events of a refused batch each in one of its own, to find the bad ones. */
    private void alone(Send refused, Map<ConnectorRecord, ConnectorException> errors)
            throws ConnectorException, InterruptedException {
        List<ParallelSends.Item<Send>> items = new ArrayList<>();
        for (ConnectorRecord record : refused.records()) {
            try {
                items.add(new ParallelSends.Item<>(new Send(List.of(record), refused.target()), "batch",
                        writer.batch(List.of(StructuredJson.write(record)), record.id(), refused.target())));
            } catch (EventFormatException e) {
                errors.put(record, new PermanentException(e.getMessage(), e));
            }
        }
        for (ParallelSends.Result<Send> result : ParallelSends.send(sender, config.refused(), 1, items)) {
            settle(result, errors);
        }
    }

    private void settle(ParallelSends.Result<Send> result, Map<ConnectorRecord, ConnectorException> errors)
            throws ConnectorException, InterruptedException {
        if (result.error() instanceof FatalException fatal) {
            throw fatal;
        }
        Send send = result.item().subject();
        ConnectorException error = result.error();
        if (error instanceof PermanentException && send.records().size() > 1) {
            alone(send, errors);
            return;
        }
        for (ConnectorRecord record : send.records()) {
            if (isBroadcast() && !(error instanceof RetryableException)) {
                Progress progress = unfinished.computeIfAbsent(record, key -> new Progress());
                progress.settled.set(send.target());
                progress.refusal = error instanceof PermanentException refused ? refused : progress.refusal;
            } else if (error != null) {
                errors.merge(record, error, (old, now) -> old);
            }
        }
    }

    @Override
    public void close() {
        if (sender != null) {
            sender.close();
        }
    }
}
