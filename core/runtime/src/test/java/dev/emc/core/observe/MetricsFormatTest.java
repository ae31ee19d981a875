package dev.emc.core.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads what is scraped by the rules of Prometheus' text format. */
class MetricsFormatTest {

    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"(?:,|$)");

    private final Map<String, String> help = new LinkedHashMap<>();
    private final Map<String, String> types = new LinkedHashMap<>();
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    private record Sample(Map<String, String> labels, double value) {}

    @BeforeEach
    void scrape() throws IOException {
        WorkerMetrics metrics = new WorkerMetrics("file-sink");
        metrics.gauges(() -> 1, () -> 2);
        metrics.batch(3);
        metrics.batch(5000);
        metrics.deliveryTook(1_000_000);
        metrics.commitTook(1_000_000);
        var text = new ByteArrayOutputStream();
        metrics.write(text);
        text.toString(StandardCharsets.UTF_8).lines().forEach(this::read);
    }

    private void read(String line) {
        String[] words = line.split(" ", 4);
        if (line.startsWith("# HELP ")) {
            assertEquals(null, help.put(words[2], words[3]), "a second HELP of " + words[2]);
        } else if (line.startsWith("# TYPE ")) {
            assertTrue(help.containsKey(words[2]), words[2] + " has no HELP before its TYPE");
            assertEquals(null, types.put(words[2], words[3]), "a second TYPE of " + words[2]);
        } else {
            Matcher sample = SAMPLE.matcher(line);
            assertTrue(sample.matches(), line);
            assertNotNull(family(sample.group(1)), () -> "no TYPE before " + line);
            samples.computeIfAbsent(sample.group(1), name -> new ArrayList<>())
                    .add(new Sample(labels(sample.group(2)), Double.parseDouble(sample.group(3).replace("+Inf", "Infinity"))));
        }
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        Matcher label = LABEL.matcher(text == null ? "" : text);
        int end = 0;
        while (label.find() && label.start() == end) {
            labels.put(label.group(1), label.group(2));
            end = label.end();
        }
        assertEquals(text == null ? 0 : text.length(), end, text);
        return labels;
    }

    private String family(String name) {
        return types.containsKey(name)
                ? name
                : types.keySet().stream().filter(family -> "histogram".equals(types.get(family))
                        && List.of("_bucket", "_sum", "_count")
                                .contains(name.substring(Math.min(name.length(), family.length()))))
                        .findFirst().orElse(null);
    }

    @ParameterizedTest
    @CsvSource({"emc_records_received_total, counter", "emc_records_delivered_total, counter",
            "emc_records_dead_total, counter", "emc_records_dropped_total, counter",
            "emc_records_released_total, counter", "emc_retries_total, counter",
            "emc_duplicates_total, counter", "emc_in_flight, gauge", "emc_lag, gauge", "emc_batch_size, histogram",
            "emc_delivery_seconds, histogram", "emc_commit_seconds, histogram", "process_start_time_seconds, gauge",
            "process_resident_memory_bytes, gauge"})
    void everyMetricHasItsType(String name, String type) {
        assertEquals(type, types.get(name));
    }

    @Test
    void everyMetricIsExplainedInASentence() {
        help.forEach((name, sentence) -> assertTrue(sentence.matches("[A-Z].*\\."), name + ": " + sentence));
    }

    @Test
    void everyMetricOfTheWorkerNamesTheConnector() {
        samples.forEach((name, values) -> values.forEach(sample -> assertEquals(name.startsWith("emc_") ? "file-sink" : null,
                sample.labels.get("connector"), name)));
    }

    @ParameterizedTest
    @CsvSource({"emc_batch_size, 2, 5003", "emc_delivery_seconds, 1, 0.001", "emc_commit_seconds, 1, 0.001"})
    void aHistogramAddsUp(String name, double count, double sum) {
        List<Sample> buckets = samples.get(name + "_bucket");
        for (int i = 1; i < buckets.size(); i++) {
            assertTrue(buckets.get(i).value >= buckets.get(i - 1).value, name);
        }
        Sample last = buckets.get(buckets.size() - 1);
        assertEquals("+Inf", last.labels.get("le"));
        assertEquals(count, last.value);
        assertEquals(count, samples.get(name + "_count").get(0).value);
        assertEquals(sum, samples.get(name + "_sum").get(0).value, 1e-9);
    }
}
