package dev.emc.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;

class DescriptorJsonTest {

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        for (Descriptor descriptor : List.of(Descriptors.fileSink(), Descriptors.fileSource())) {
            var out = new ByteArrayOutputStream();
            DescriptorJson.write(descriptor, out);

            assertEquals(descriptor, DescriptorJson.read(new ByteArrayInputStream(out.toByteArray())));
        }
    }

    @Test
    void unknownFieldsAreSkipped() throws IOException {
        Descriptor descriptor = DescriptorJson.read(new ByteArrayInputStream(
                "{\"later\": {\"a\": [1]}, \"name\": \"x\", \"keys\": [{\"name\": \"k\", \"later\": [{}]}]}"
                        .getBytes(StandardCharsets.UTF_8)));

        assertEquals("x", descriptor.name());
        assertEquals("k", descriptor.keys().get(0).name());
    }

    @Test
    void anArtifactMayHaveNone() throws IOException {
        assertNull(DescriptorJson.load(new ClassLoader(null) {
        }));
    }
}
