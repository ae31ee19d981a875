package dev.emc.http.client;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

import dev.emc.api.PermanentException;
import dev.emc.api.RetryableException;

/**
 * Says to which hosts a request may go whose host comes from data: only to those on a list, and not into the network that this
 * process stands in. Without it whoever writes events could have requests sent to what only this machine can reach.
 */
public final class TargetGuard {

    private final List<String> allowed;
    private final boolean privateToo;

    /**
     * @param allowed host names, {@code *.example.com} for all below a domain, {@code *} for all
     * @param privateToo whether addresses of this machine and of private networks are fine
     */
    public TargetGuard(List<String> allowed, boolean privateToo) {
        this.allowed = allowed.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
        this.privateToo = privateToo;
    }

    /**
     * Looks at a URL. The JDK remembers the addresses that were found for longer than it takes to connect.
     *
     * @throws PermanentException when nothing may be sent there
     * @throws RetryableException when the host's name can't be resolved now
     */
    public void check(URI uri) throws PermanentException, RetryableException {
        String host = uri.getHost();
        if (host == null || !"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
            throw new PermanentException("'" + shorten(uri.toString()) + "' is no URL of http or https with a host");
        }
        if (uri.getRawUserInfo() != null) {
            throw new PermanentException("the URL made of this record has a user in it, which isn't allowed");
        }
        if (allowed.stream().noneMatch(pattern -> matches(pattern, host.toLowerCase(Locale.ROOT)))) {
            throw new PermanentException("the host " + shorten(host) + " is not among the allowed hosts");
        }
        if (privateToo) {
            return;
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!isPublic(address)) {
                    throw new PermanentException("the host " + shorten(host)
                            + " has an address of a private network, where nothing is sent to");
                }
            }
        } catch (UnknownHostException e) {
            throw new RetryableException("no host is known by the name of " + shorten(host), e);
        }
    }

    private static String shorten(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    static boolean matches(String pattern, String host) {
        return pattern.equals("*") || pattern.equals(host)
                || pattern.startsWith("*.") && host.endsWith(pattern.substring(1));
    }

    /** Whether an address is one of the open network. */
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isLoopbackAddress() || address.isLinkLocalAddress()
                || address.isSiteLocalAddress() || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address ? isPublic6(bytes) : isPublic4(bytes, 0);
    }

    private static boolean isPublic4(byte[] bytes, int at) {
        int a = bytes[at] & 0xff;
        int b = bytes[at + 1] & 0xff;
        int c = bytes[at + 2] & 0xff;
        boolean here = a == 0 || a == 10 || a == 127 || a >= 224;
        boolean shared = a == 100 && b >= 64 && b < 128;
        boolean local = a == 169 && b == 254 || a == 172 && b >= 16 && b < 32 || a == 192 && b == 168;
        boolean special = a == 192 && b == 0 && (c == 0 || c == 2) || a == 198 && (b == 18 || b == 19)
                || a == 198 && b == 51 && c == 100 || a == 203 && b == 0 && c == 113;
        return !(here || shared || local || special);
    }

    private static boolean isPublic6(byte[] bytes) {
        int first = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        if ((first & 0xfe00) == 0xfc00 || (first & 0xff00) == 0xff00) {
            return false; // unique local, multicast
        }
        if (first == 0x2002) {
            return isPublic4(bytes, 2); // 6to4 holds an address of IPv4
        }
        boolean nat64 = first == 0x0064 && (bytes[2] & 0xff) == 0xff && (bytes[3] & 0xff) == 0x9b;
        if (nat64) {
            return isPublic4(bytes, 12);
        }
        return (first & 0xe000) == 0x2000; // all of the open network; the mapped and compatible ones are outside
    }
}
