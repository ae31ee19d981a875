package dev.emc.http.client;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.emc.api.PermanentException;

class TargetGuardTest {

    private static final TargetGuard ALL = new TargetGuard(List.of("*"), false);

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1", "100.100.100.200", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.0.192", "::1", "::",
            "fe80::1",
            "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
            "fec0::1"})
    void addressesOfClosedNetworksAreNotPublic(String address) throws Exception {
        assertEquals(false, TargetGuard.isPublic(InetAddress.getByName(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1", "64:ff9b::101:101",
            "192.0.66.2"})
    void addressesOfTheOpenNetworkArePublic(String address) throws Exception {
        assertEquals(true, TargetGuard.isPublic(InetAddress.getByName(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1/", "http://[::1]/", "http://2130706433/", "http://0x7f.1/",
            "http://localhost:8080/",
            "http://user@1.1.1.1/", "file:///etc/passwd", "gopher://1.1.1.1/", "http:///x", "http://127.1/"})
    void noRequestGoesThere(String url) {
        assertThrows(Exception.class, () -> ALL.check(URI.create(url)));
    }

    @Test
    void onlyHostsOfTheListAreAllowed() {
        TargetGuard guard = new TargetGuard(List.of("api.example.com", "*.example.org"), true);
        assertDoesNotThrow(() -> guard.check(URI.create("https://API.example.com/x")));
        assertDoesNotThrow(() -> guard.check(URI.create("https://a.b.example.org/x")));
        for (String url : List.of("https://example.org/", "https://evilexample.org/", "https://api.example.com.evil.net/")) {
            assertThrows(PermanentException.class, () -> guard.check(URI.create(url)), url);
        }
    }

    @Test
    void privateAddressesAreFineWhenAllowed() {
        assertDoesNotThrow(() -> new TargetGuard(List.of("127.0.0.1"), true).check(URI.create("http://127.0.0.1:1/")));
    }
}
