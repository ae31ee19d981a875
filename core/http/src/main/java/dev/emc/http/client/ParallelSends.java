package dev.emc.http.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

import dev.emc.api.ConnectorException;
import dev.emc.api.RetryableException;

/**
 * Sends many requests, several at a time. Those with the same key are sent one after the other in their order, and when one of
 * them has to wait for another attempt, those behind it wait, too.
 *
 * @param <T> what a request is made for
 */
public final class ParallelSends<T> {

    /**
     * One to be sent.
     *
     * @param key null when its order doesn't matter
     */
    public record Item<T>(T subject, Object key, Request request) {}

    /** What came of one. @param error null when it was taken */
    public record Result<T>(Item<T> item, Response response, ConnectorException error) {}

    private record Answer<T>(Lane<T> lane, HttpSender.Sent sent, Response response, Throwable failure) {}

    /** Those of one key that still have to be sent. */
    private static final class Lane<T> {
        private final Queue<Item<T>> items = new ArrayDeque<>();
        private boolean renewed;
    }

    /** Says what an answer means. */
    @FunctionalInterface
    public interface Judge {

        /** @return null when the request was taken */
        ConnectorException error(Request request, Response response);
    }

    private final HttpSender sender;
    private final Judge judge;
    private final int parallel;
    private final LinkedBlockingQueue<Answer<T>> answers = new LinkedBlockingQueue<>();
    private final List<Result<T>> results = new ArrayList<>();
    private final List<CompletableFuture<?>> open = new ArrayList<>();
    private int running;

    private ParallelSends(HttpSender sender, Judge judge, int parallel) {
        this.sender = sender;
        this.judge = judge;
        this.parallel = parallel;
    }

    /**
     * Sends all and waits for all answers.
     *
     * @param parallel requests under way at a time
     * @return the outcome of each one
     * @throws ConnectorException when there are no credentials to be had
     */
    public static <T> List<Result<T>> send(HttpSender sender, HttpSender.Refusal refusal, int parallel, List<Item<T>> items)
            throws ConnectorException, InterruptedException {
        return send(sender, (request, response) -> sender.error(request, response, refusal), parallel, items);
    }

    /**
     * Sends all and waits for all answers, of a service that says in the body what became of a request.
     *
     * @param parallel requests under way at a time
     * @return the outcome of each one
     * @throws ConnectorException when there are no credentials to be had
     */
    public static <T> List<Result<T>> send(HttpSender sender, Judge judge, int parallel, List<Item<T>> items)
            throws ConnectorException, InterruptedException {
        return new ParallelSends<T>(sender, judge, parallel).send(items);
    }

    private List<Result<T>> send(List<Item<T>> items) throws ConnectorException, InterruptedException {
        Map<Object, Lane<T>> byKey = new HashMap<>();
        Queue<Lane<T>> waiting = new ArrayDeque<>();
        for (Item<T> item : items) {
            Lane<T> lane = item.key() == null ? null : byKey.get(item.key());
            if (lane == null) {
                lane = new Lane<>();
                waiting.add(lane);
                if (item.key() != null) {
                    byKey.put(item.key(), lane);
                }
            }
            lane.items.add(item);
        }
        try {
            while (running > 0 || !waiting.isEmpty()) {
                while (running < parallel && !waiting.isEmpty()) {
                    start(waiting.remove());
                }
                Answer<T> answer = answers.take();
                running--;
                handle(answer);
            }
        } finally {
            open.forEach(exchange -> exchange.cancel(true)); // those under way when this was interrupted
        }
        return results;
    }

    private void start(Lane<T> lane) throws ConnectorException, InterruptedException {
        HttpSender.Sent sent = sender.start(lane.items.element().request());
        CompletableFuture<Response> exchange = sent.answer();
        running++;
        if (open.size() >= 2 * parallel) {
            open.removeIf(CompletableFuture::isDone);
        }
        open.add(exchange);
        exchange.whenComplete((response, failure) -> answers.add(new Answer<>(lane, sent, response, failure)));
    }

    private void handle(Answer<T> answer) throws ConnectorException, InterruptedException {
        Lane<T> lane = answer.lane;
        Item<T> item = lane.items.element();
        ConnectorException error = answer.failure != null
                ? sender.unanswered(item.request(), answer.failure)
                : judge.error(item.request(), answer.response);
        if (error != null && answer.response != null && !lane.renewed
                && sender.isWorthAnotherTry(answer.sent, answer.response)) {
            lane.renewed = true;
            start(lane);
            return;
        }
        lane.items.remove();
        lane.renewed = false;
        results.add(new Result<>(item, answer.response, error));
        if (error instanceof RetryableException later) {
            for (Item<T> next : lane.items) {
                results.add(new Result<>(next, null, RetryableException.throttled(
                        "waits for an earlier record of the same key: " + later.getMessage(),
                        later.after().orElse(Duration.ZERO))));
            }
        } else if (!lane.items.isEmpty()) {
            start(lane);
        }
    }
}
