package dev.emc.http.client;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** Takes a body up to a limit, and leaves the rest where it is. */
final class LimitedBody implements BodySubscriber<LimitedBody.Content> {

    /** What came. */
    record Content(byte[] bytes, boolean truncated) {}

    private final int limit;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    private final CompletableFuture<Content> content = new CompletableFuture<>();
    private Subscription subscription;

    LimitedBody(int limit) {
        this.limit = limit;
    }

    @Override
    public CompletionStage<Content> getBody() {
        return content;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        this.subscription = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            int take = Math.min(buffer.remaining(), limit - bytes.size());
            byte[] part = new byte[take];
            buffer.get(part);
            bytes.write(part, 0, take);
            if (buffer.hasRemaining()) {
                subscription.cancel();
                content.complete(new Content(bytes.toByteArray(), true));
                return;
            }
        }
    }

    @Override
    public void onError(Throwable broken) {
        content.completeExceptionally(broken);
    }

    @Override
    public void onComplete() {
        content.complete(new Content(bytes.toByteArray(), false));
    }
}
