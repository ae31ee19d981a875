package dev.emc.core.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

import dev.emc.core.config.ConfigFile.Collector;

/** Config files in YAML. */
final class YamlFile {

    private static final int MAX_DEPTH = 32;

    private final Collector collector;

    private YamlFile(Collector collector) {
        this.collector = collector;
    }

    static void parse(String text, Collector collector) {
        try {
            var options = new LoaderOptions();
            options.setProcessComments(false);
            var parser = new ParserImpl(new StreamReader(new StringReader(text)), options);
            Node root = new Composer(parser, new TextResolver(), options).getSingleNode();
            if (root == null || isNull(root)) {
                collector.error(0, null, "the file has no keys", null);
            } else if (root instanceof MappingNode mapping) {
                new YamlFile(collector).mapping("", mapping, 0);
            } else {
                collector.error(line(root), null, "the file must hold keys with values, such as \"mesh:\"", null);
            }
        } catch (MarkedYAMLException e) {
            syntaxError(e, text, collector);
        } catch (ReaderException e) {
            int line = 1 + (int) text.chars().limit(e.getPosition()).filter(c -> c == '\n').count();
            collector.error(line, null, "there is a control character, which YAML doesn't allow", "remove it");
        } catch (YAMLException e) {
            if (String.valueOf(e.getMessage()).contains("Nesting")) {
                collector.error(0, null, "the file is nested too deeply", null);
            } else {
                collector.error(0, null, "the file uses aliases too heavily", "write the values out");
            }
        }
    }

    private void mapping(String prefix, MappingNode mapping, int depth) {
        if (depth > MAX_DEPTH) {
            collector.error(line(mapping), prefix, "is nested too deeply", null);
            return;
        }
        var seen = new HashMap<String, Integer>();
        List<Node> merged = List.of();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                collector.error(line(tuple.getKeyNode()), null, "a key must be a plain word", null);
                continue;
            }
            if (key.getValue().equals("<<") && key.getScalarStyle() == ScalarStyle.PLAIN) {
                merged = tuple.getValueNode() instanceof SequenceNode list ? list.getValue() : List.of(tuple.getValueNode());
                continue;
            }
            String name = prefix + key.getValue();
            Integer first = seen.putIfAbsent(key.getValue(), line(key));
            if (first != null) {
                collector.error(line(key), name, "is there twice, first in line " + first,
                        tuple.getValueNode() instanceof MappingNode
                                ? "put all of its keys in one place"
                                : "remove one of them");
                continue;
            }
            value(name, tuple.getValueNode(), line(key), depth);
        }
        Set<String> own = new HashSet<>(seen.keySet());
        for (Node base : merged) {
            if (base instanceof MappingNode node) {
                mapping(prefix, without(node, own), depth + 1);
            }
        }
    }

    /** What a merge key brings: the keys that aren't there yet. */
    private static MappingNode without(MappingNode base, Set<String> own) {
        var tuples = new ArrayList<NodeTuple>();
        for (NodeTuple tuple : base.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key && own.add(key.getValue())) {
                tuples.add(tuple);
            }
        }
        return new MappingNode(base.getTag(), true, tuples, base.getStartMark(), base.getEndMark(), base.getFlowStyle());
    }

    private void value(String key, Node node, int line, int depth) {
        if (collector.isFull()) {
            return;
        }
        if (node instanceof MappingNode mapping) {
            if (mapping.getValue().isEmpty()) {
                collector.value(key, null, line, column(node));
            }
            mapping(key + ".", mapping, depth + 1);
        } else if (node instanceof SequenceNode sequence) {
            sequence(key, sequence, line, depth);
        } else if (node instanceof ScalarNode scalar) {
            collector.value(key, isNull(node) ? null : scalar.getValue(), line, column(node));
        }
    }

    private void sequence(String key, SequenceNode sequence, int line, int depth) {
        var scalars = new ArrayList<String>();
        int index = 0;
        for (Node item : sequence.getValue()) {
            if (item instanceof ScalarNode scalar) {
                scalars.add(scalar.getValue());
            } else if (depth < MAX_DEPTH) {
                value(key + "[" + index + "]", item, line(item), depth + 1);
            }
            index++;
        }
        if (scalars.size() == index) {
            collector.values(key, scalars, line, column(sequence));
        }
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && (scalar.getValue().isEmpty() || scalar.getValue().equals("~") || scalar.getValue().equals("null"));
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private static int column(Node node) {
        return node.getStartMark().getColumn() + 1;
    }

    /** Says in our own words what is wrong: the parser's words are for those who know its grammar, and quote the file. */
    private static void syntaxError(MarkedYAMLException e, String text, Collector collector) {
        String problem = String.valueOf(e.getProblem());
        String context = String.valueOf(e.getContext());
        Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
        String message;
        String suggestion = null;
        if (problem.contains("'\\t") || startsWithTab(text, mark)) {
            message = "a tab is used for indentation";
            suggestion = "YAML allows only spaces there";
        } else if (problem.contains("mapping values are not allowed")) {
            message = "there is a second \":\" in this line, or it is indented too far";
            suggestion = "put a value that contains \": \" in quotes";
        } else if (context.contains("quoted scalar")) {
            mark = e.getContextMark() == null ? mark : e.getContextMark();
            message = problem.contains("end of stream")
                    ? "a quote is opened here and never closed"
                    : "the quoted text that starts here has an unknown escape";
            suggestion = problem.contains("end of stream") ? null : "write a backslash as \\\\, or use single quotes";
        } else if (problem.contains("could not find expected ':'")) {
            mark = e.getContextMark() == null ? mark : e.getContextMark();
            message = "this line has no \":\" after its key";
        } else if (problem.contains("undefined alias")) {
            message = "an alias (*) is used here whose anchor (&) is not defined above";
            suggestion = "put a value that starts with * in quotes";
        } else if (problem.contains("single document") || context.contains("single document")) {
            message = "a second YAML document starts here (---)";
            suggestion = "a config file holds one";
        } else if (problem.contains("cannot start any token")) {
            message = "a value can't start with this character";
            suggestion = "put it in quotes";
        } else if (context.contains("flow")) {
            mark = e.getContextMark() == null ? mark : e.getContextMark();
            message = "a bracket or brace is opened here and never closed, or a comma is missing after it";
            suggestion = "put a value that starts with [ or { in quotes";
        } else if (problem.contains("<block end>") || context.contains("block")) {
            message = "the indentation doesn't fit the lines above";
            suggestion = "indent keys of one level by the same number of spaces";
        } else {
            message = "this is not valid YAML";
            suggestion = "look for a missing quote, colon or space here or just before";
        }
        collector.syntaxError(mark == null ? 1 : mark.getLine() + 1, mark == null ? 1 : mark.getColumn() + 1, message,
                suggestion);
    }

    private static boolean startsWithTab(String text, Mark mark) {
        if (mark == null) {
            return false;
        }
        String line = text.lines().skip(mark.getLine()).findFirst().orElse("");
        return line.substring(0, line.length() - line.stripLeading().length()).indexOf('\t') >= 0;
    }

    /** Leaves every scalar a text: {@code on}, {@code 0x10} and dates aren't ours to interpret. Saves its patterns, too. */
    private static final class TextResolver extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            // none
        }
    }
}
