package dev.emc.core.config;

import java.time.Duration;
import java.util.Map;

/** What the values of the worker's own keys must fulfil beyond their types. Looks only at values that are set. */
final class WorkerRules {

    /** Takes a problem with a key. */
    interface Report {
        void error(String key, String message, String suggestion);
    }

    private static final long PROTOCOL_MAX_EVENT = 4L << 20;
    private static final String[] POSITIVE_INTEGERS = {"mesh.sessions", "mesh.window", "batch.max-records",
            "in-flight.max-records", "tracing.spans-per-second"};
    private static final String[] POSITIVE_SIZES = {"mesh.max-event-size", "batch.max-bytes", "in-flight.max-bytes"};
    private static final String[] POSITIVE_DURATIONS = {"mesh.ack-timeout", "mesh.connect-timeout", "registry.interval",
            "retry.initial-delay", "until-idle"};

    private final Descriptor descriptor;
    private final Map<String, String> values;
    private final Report report;

    WorkerRules(Descriptor descriptor, Map<String, String> values, Report report) {
        this.descriptor = descriptor;
        this.values = values;
        this.report = report;
    }

    void check() {
        address();
        topics();
        for (String key : POSITIVE_INTEGERS) {
            range(key, 1, Integer.MAX_VALUE);
        }
        range("http.port", 0, 65_535);
        for (String key : POSITIVE_SIZES) {
            if ("0".equals(values.get(key))) {
                report.error(key, "must be greater than 0", null);
            }
        }
        for (String key : POSITIVE_DURATIONS) {
            if (values.get(key) != null && Duration.parse(values.get(key)).isZero()) {
                report.error(key, "must be longer than 0", null);
            }
        }
        maxEventSize();
        delays();
        order();
        attempts();
        breaker();
        deadLetters();
        rate();
        tracing();
        new RegistryRules(values, report).check();
        if (values.keySet().stream().anyMatch(key -> key.equals("filter") || key.startsWith("transform."))) {
            new TransformRules(values, report).check();
        }
    }

    private void attempts() {
        String attempts = values.get("retry.attempts");
        if (attempts != null && !attempts.equals("forever") && !isCount(attempts)) {
            report.error("retry.attempts", "expected forever or a number of 1 or more, not \"" + attempts + "\"", null);
        }
    }

    private static boolean isCount(String text) {
        return text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9') && !text.isEmpty()
                && Integer.parseInt(text) > 0;
    }

    private void breaker() {
        range("breaker.failures", 0, Integer.MAX_VALUE);
        range("breaker.window", 1, 100_000);
        int failures = number("breaker.failures");
        int window = number("breaker.window");
        if (failures > window && window > 0) {
            report.error(values.get("breaker.window") != null ? "breaker.window" : "breaker.failures",
                    "breaker.failures (" + failures + ") must not be more than breaker.window (" + window + ")", null);
        }
    }

    private int number(String key) {
        String value = values.get(key);
        return Integer.parseInt(value != null ? value : defaultOf(key));
    }

    private void deadLetters() {
        if ("topic".equals(values.get("dead-letters.type")) && values.get("dead-letters.topic") == null) {
            report.error("dead-letters.type", "needs the topic that dead letters are published to", "set dead-letters.topic");
        }
        String topic = values.get("dead-letters.topic");
        String topics = values.get("mesh.topic");
        if (topic != null && topics != null && ValueList.split(topics).contains(topic)) {
            report.error("dead-letters.topic", "must not be a topic of the worker itself", null);
        }
    }

    private void rate() {
        String rate = values.get("rate.records-per-second");
        if (rate != null && Double.parseDouble(rate) <= 0) {
            report.error("rate.records-per-second", "must be greater than 0", null);
        }
    }

    private void tracing() {
        String sampling = values.get("tracing.sampling");
        if (sampling != null && (Double.parseDouble(sampling) < 0 || Double.parseDouble(sampling) > 1)) {
            report.error("tracing.sampling", "must be between 0 and 1, not " + sampling, null);
        }
        String endpoint = values.get("tracing.endpoint");
        if (endpoint != null && !endpoint.matches("https?://[^\\s/@]+(/\\S*)?")) {
            report.error("tracing.endpoint", "expected an address such as http://collector:4318",
                    endpoint.matches("[\\w.-]+(:\\d+)?") ? "did you mean http://" + endpoint + "?" : null);
        }
    }

    private void range(String key, long min, long max) {
        String value = values.get(key);
        if (value != null && (Long.parseLong(value) < min || Long.parseLong(value) > max)) {
            report.error(key, max == Integer.MAX_VALUE
                    ? "must be " + min + " or more, not " + value
                    : "must be between " + min + " and " + max + ", not " + value, null);
        }
    }

    private void address() {
        String address = values.get("mesh.address");
        if (address == null) {
            return;
        }
        String plain = address;
        int scheme = plain.indexOf("://");
        if (scheme >= 0) {
            plain = plain.substring(scheme + 3);
        }
        int slash = plain.indexOf('/');
        if (slash >= 0) {
            plain = plain.substring(0, slash);
        }
        int colon = plain.lastIndexOf(':');
        boolean bareIpv6 = colon >= 0 && plain.indexOf(':') != colon && !plain.startsWith("[");
        String host = colon < 0 || bareIpv6 ? plain : plain.substring(0, colon);
        boolean portGood = !bareIpv6 && colon >= 0 && isPort(plain.substring(colon + 1));
        if (portGood && plain.equals(address) && !host.isEmpty() && host.indexOf(' ') < 0) {
            return;
        }
        String meant = null;
        if (!host.isEmpty() && host.indexOf(' ') < 0 && host.indexOf(',') < 0 && host.indexOf('@') < 0) {
            if (portGood) {
                meant = plain;
            } else if (colon < 0) {
                meant = host + ":10000";
            } else if (bareIpv6) {
                meant = "[" + host + "]:10000";
            }
        }
        report.error("mesh.address", "expected host:port" + (address.indexOf('@') < 0 ? ", not \"" + address + "\"" : ""),
                meant == null ? null : "did you mean " + meant + "?");
    }

    private static boolean isPort(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        int port = Integer.parseInt(text);
        return port > 0 && port <= 65_535;
    }

    private void topics() {
        String topics = values.get("mesh.topic");
        if (topics != null && descriptor.isSource() && ValueList.split(topics).size() > 1) {
            report.error("mesh.topic", "a source publishes to one topic, not to several", null);
        }
    }

    private void maxEventSize() {
        String size = values.get("mesh.max-event-size");
        if (size != null && Long.parseLong(size) > PROTOCOL_MAX_EVENT) {
            report.error("mesh.max-event-size", "EventMesh's protocol carries 4M at the most", "set it to 4M or less");
        }
    }

    /** Events of one topic that come by several connections overtake each other. */
    private void order() {
        String sessions = values.get("mesh.sessions");
        if (!descriptor.isSource() && sessions != null && Long.parseLong(sessions) > 1
                && "strict".equalsIgnoreCase(values.get("ordering"))) {
            report.error("mesh.sessions", "a sink keeps the order by one connection only",
                    "set it to 1, or ordering to relaxed");
        }
    }

    private void delays() {
        String initial = values.get("retry.initial-delay");
        String max = values.get("retry.max-delay");
        if (initial != null || max != null) {
            Duration least = initial != null ? Duration.parse(initial) : byDefault("retry.initial-delay");
            Duration most = max != null ? Duration.parse(max) : byDefault("retry.max-delay");
            if (least.compareTo(most) > 0) {
                report.error(max != null ? "retry.max-delay" : "retry.initial-delay",
                        max != null
                                ? "must not be shorter than retry.initial-delay"
                                : "must not be longer than retry.max-delay",
                        null);
            }
        }
    }

    private String defaultOf(String key) {
        return descriptor.keys().stream().filter(k -> k.name().equals(key)).findFirst().orElseThrow().defaultValue();
    }

    private Duration byDefault(String key) {
        try {
            return Values.duration(defaultOf(key));
        } catch (Values.BadValue e) {
            throw new IllegalStateException("the default of " + key + " is no duration", e);
        }
    }
}
