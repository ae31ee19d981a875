package dev.emc.testkit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A service that sends webhooks as a good one does: it keeps what it has to send, sends many at a time, and sends again, with the
 * same id, what hasn't been answered with 2xx.
 */
public final class WebhookSender implements AutoCloseable {

    private static final int THREADS = 120;
    private static final int WORKERS = 4;

    private final BlockingQueue<Supplier<HttpRequest.Builder>> outbox = new LinkedBlockingQueue<>();
    private final AtomicInteger unconfirmed = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Thread[] threads = new Thread[THREADS];
    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(WORKERS, WORKERS, 0, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), StandInThreads::daemon);
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).executor(workers)
            .version(HttpClient.Version.HTTP_1_1).build();
    private final URI uri;
    private volatile boolean paused;

    public WebhookSender(URI uri) {
        this.uri = uri;
        for (int i = 0; i < THREADS; i++) {
            threads[i] = StandInThreads.daemon(this::run);
            threads[i].start();
        }
    }

    /** Keeps a request to be sent. */
    public void send(Supplier<HttpRequest.Builder> request) {
        unconfirmed.incrementAndGet();
        outbox.add(request);
    }

    /** How many have not been confirmed. */
    public int unconfirmed() {
        return unconfirmed.get();
    }

    /** How many have been refused for good (4xx but 408, 425 and 429). */
    public int refused() {
        return refused.get();
    }

    /** Sends nothing for a while. */
    public void pause(boolean pause) {
        paused = pause;
    }

    private void run() {
        try {
            while (true) {
                Supplier<HttpRequest.Builder> request = outbox.take();
                if (paused || !confirmed(request.get().uri(uri).timeout(Duration.ofSeconds(60)).build())) {
                    TimeUnit.MILLISECONDS.sleep(50);
                    outbox.add(request);
                }
            }
        } catch (InterruptedException end) {
            // it is closed
        }
    }

    private boolean confirmed(HttpRequest request) throws InterruptedException {
        try {
            int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            boolean later = status >= 500 || status == 408 || status == 425 || status == 429;
            if (later) {
                return false;
            }
            unconfirmed.decrementAndGet();
            refused.addAndGet(status >= 400 ? 1 : 0);
            return true;
        } catch (IOException broken) {
            return false;
        }
    }

    @Override
    public void close() {
        for (Thread thread : threads) {
            thread.interrupt();
        }
        workers.shutdownNow();
    }
}
