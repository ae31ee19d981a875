package dev.emc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What {@code extensions/new-connector} makes, in a copy of the poms that it starts from. */
class NewConnectorTest {

    private static final List<String> COPIED = List.of("extensions/new-connector", "extensions/pom.xml",
            "extensions/file/pom.xml",
            "extensions/file/runtime/pom.xml", "extensions/file/deployment/pom.xml", "connectors/pom.xml",
            "connectors/file-source/pom.xml", "connectors/file-sink/pom.xml", "connectors/acceptance/pom.xml");

    @TempDir
    Path folder;

    private String run(int exitCode, String... arguments) throws Exception {
        for (String file : COPIED) {
            Path copy = folder.resolve(file);
            if (!Files.exists(copy)) {
                Files.createDirectories(copy.getParent());
                Files.copy(EmcProcess.root().resolve(file), copy);
                assertTrue(copy.toFile().setExecutable(true));
            }
        }
        List<String> command = new ArrayList<>(List.of(folder.resolve("extensions/new-connector").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(exitCode, process.waitFor(), said);
        return said;
    }

    private List<Path> files(String end) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(end)).toList();
        }
    }

    private Set<String> texts(String pom, String element) throws Exception {
        Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(folder.resolve(pom).toFile());
        NodeList nodes = document.getElementsByTagName(element);
        return Stream.iterate(0, i -> i < nodes.getLength(), i -> i + 1).map(i -> nodes.item(i).getTextContent())
                .collect(Collectors.toSet());
    }

    @Test
    void itsCodeCompiles() throws Exception {
        run(0, "spool", "source", "sink");
        List<Path> files = files(".java");
        assertEquals(11, files.size(), files::toString);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(problems, null, null)) {
            boolean compiled = compiler.getTask(null, manager, problems,
                    List.of("-d", Files.createDirectory(folder.resolve("classes")).toString(), "-proc:none",
                            "-Xlint:all,-processing,-classfile,-path", "-Werror", "-cp", System.getProperty("java.class.path")),
                    null, manager.getJavaFileObjectsFromPaths(files)).call();
            assertTrue(compiled, () -> problems.getDiagnostics().toString());
        }
    }

    @Test
    void itsModulesArePartOfTheBuild() throws Exception {
        run(0, "spool", "source", "sink");
        assertTrue(texts("extensions/pom.xml", "module").contains("spool"));
        assertTrue(texts("connectors/pom.xml", "module").containsAll(Set.of("spool-source", "spool-sink")));
        assertTrue(texts("connectors/acceptance/pom.xml", "artifactId")
                .containsAll(Set.of("emc-spool-source", "emc-spool-sink")));
        for (Path pom : files("pom.xml")) {
            if (pom.toString().contains("spool")) {
                assertFalse(Files.readString(pom).contains("emc-file"), pom::toString);
            }
        }
    }

    @Test
    void aSystemGetsItsOtherConnectorLater() throws Exception {
        run(0, "spool", "sink");
        run(0, "spool", "source");
        List<Path> processors = files("SpoolProcessor.java");
        String processor = Files.readString(processors.get(0));
        assertTrue(processor.contains("SpoolSink.class") && processor.contains("SpoolSource.class"), processor);
    }

    @Test
    void itOverwritesNothing() throws Exception {
        run(0, "spool", "sink");
        assertTrue(run(2, "spool", "sink").contains("connectors/spool-sink is there already"));
    }

    @Test
    void withoutARoleItSaysHowToUseIt() throws Exception {
        assertTrue(run(2, "spool").contains("Usage: extensions/new-connector SYSTEM"));
    }
}
