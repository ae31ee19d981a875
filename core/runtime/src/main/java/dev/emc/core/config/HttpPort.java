package dev.emc.core.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.DatagramChannel;

/** Which port HTTP gets when none is configured: 8080, or any free one when that is taken. */
final class HttpPort {

    private static final int DEFAULT_PORT = 8080;

    /** Any free one. */
    private static final int ANY_PORT = 0;

    /** Held until the process ends. */
    private static DatagramChannel claim;

    private HttpPort() {}

    /**
     * The port to listen on. Two connectors that start at the same moment both find 8080 free; so each of them first claims
     * the UDP port of the same number, which only one can have, and which goes back to the system with the process.
     */
    static synchronized int choose(String host) {
        DatagramChannel channel = null;
        try {
            InetAddress address = InetAddress.getByName(host);
            new ServerSocket(DEFAULT_PORT, 1, address).close();
            channel = DatagramChannel.open();
            channel.bind(new InetSocketAddress(address, DEFAULT_PORT));
            claim = channel;
            return DEFAULT_PORT;
        } catch (IOException taken) {
            close(channel);
            return ANY_PORT;
        }
    }

    private static void close(DatagramChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException ignored) {
            // it was never in use
        }
    }
}
