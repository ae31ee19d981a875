package dev.emc.core.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.emc.api.Position;
import dev.emc.core.engine.OffsetStore;

import picocli.CommandLine.ParseResult;

/** Shows the saved position of each partition. */
final class OffsetsShowCommand extends OffsetsCommand {

    OffsetsShowCommand() {
        super("show", "show the saved offset of each partition, and who holds the lease");
    }

    @Override
    Result execute(Subject subject, ParseResult arguments) throws Exception {
        Optional<OffsetStore.Content> content = subject.content();
        if (content.isEmpty()) {
            return subject.nothingStored();
        }
        List<Position> positions = sorted(content.get().positions());
        String holder = content.get().holder().orElse(null);
        var text = new StringBuilder("worker ").append(subject.worker()).append(" in ").append(subject.store().place())
                .append(holder == null ? "; nobody holds the lease" : "; the lease is held by " + holder);
        if (positions.isEmpty()) {
            text.append("\nno offset is saved: it starts afresh");
        } else {
            text.append('\n').append(Table.text(List.of("PARTITION", "OFFSET"),
                    positions.stream().map(position -> List.of(text(position.partition()), text(position.offset()))).toList()));
        }
        Map<String, Object> data = json(subject.worker(), positions);
        data.put("place", subject.store().place());
        data.put("holder", holder);
        return Result.ok(text.toString(), data);
    }
}
