package dev.emc.http.server;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/**
 * Refuses what two servers in a row may understand in two ways (request smuggling): a request with a length and chunks, which
 * Netty's own decoder mends, and lines that end in another way than the standard's.
 */
final class StrictRequestDecoder extends HttpRequestDecoder {

    StrictRequestDecoder(int maxHeaders) {
        super(new HttpDecoderConfig().setMaxInitialLineLength(maxHeaders).setMaxHeaderSize(maxHeaders)
                .setStrictLineParsing(true));
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException(
                "both " + HttpHeaderNames.CONTENT_LENGTH + " and " + HttpHeaderNames.TRANSFER_ENCODING);
    }
}
