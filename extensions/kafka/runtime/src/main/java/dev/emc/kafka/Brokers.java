package dev.emc.kafka;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.ClientDnsLookup;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

import dev.emc.api.RetryableException;

/** Looks whether brokers answer. */
final class Brokers {

    private static final int CONNECT_MILLIS = 3000;

    private Brokers() {}

    /**
     * Whether nobody listens, which Kafka's clients would try for long to change.
     *
     * @param servers {@code host:port} with commas between them
     * @return a clause that says why; null when one of them can be connected to
     */
    static String refusal(String servers) {
        String refusal = null;
        for (String server : servers.split(",")) {
            try {
                for (InetSocketAddress address : ClientUtils.parseAndValidateAddresses(List.of(server.strip()),
                        ClientDnsLookup.USE_ALL_DNS_IPS)) {
                    try (Socket socket = new Socket()) {
                        socket.connect(address, CONNECT_MILLIS);
                        return null;
                    }
                }
            } catch (IOException | ConfigException nobody) {
                refusal = "can't be reached: " + KafkaErrors.text(nobody).toLowerCase(Locale.ROOT);
            }
        }
        return refusal;
    }

    /** Says at once when nobody listens. */
    static void checkListening(String servers) throws RetryableException {
        String refusal = refusal(servers);
        if (refusal != null) {
            throw new RetryableException("Kafka at " + servers + ' ' + refusal);
        }
    }

    /**
     * Connects and logs in.
     *
     * @throws dev.emc.api.FatalException when they don't let this user in
     * @throws RetryableException when they don't answer
     */
    static void reach(Map<String, Object> properties, KafkaErrors errors, Duration timeout) throws Exception {
        int millis = (int) timeout.toMillis();
        try (Admin admin = Admin.create(properties)) {
            admin.describeCluster(new DescribeClusterOptions().timeoutMs(millis)).nodes().get(2L * millis,
                    TimeUnit.MILLISECONDS);
        } catch (KafkaException | ExecutionException | TimeoutException error) {
            throw errors.translate("connecting to Kafka", error);
        }
    }
}
