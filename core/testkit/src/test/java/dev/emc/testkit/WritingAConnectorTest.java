package dev.emc.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code on the page for authors of connectors is true. */
class WritingAConnectorTest {

    private static final Pattern CODE = Pattern.compile("```java\n(package ([a-z.]+);.*?\n)```", Pattern.DOTALL);
    private static final Pattern TYPE = Pattern.compile("^(?:public )?(?:final )?(?:class|interface) (\\w+)",
            Pattern.MULTILINE);

    @TempDir
    Path folder;

    @Test
    void itsCodeCompiles() throws Exception {
        List<Path> files = new ArrayList<>();
        Matcher code = CODE.matcher(Files.readString(EmcProcess.root().resolve("src-docs/writing-a-connector.md")));
        while (code.find()) {
            Matcher type = TYPE.matcher(code.group(1));
            assertTrue(type.find(), code::group);
            Path file = folder.resolve(code.group(2).replace('.', '/')).resolve(type.group(1) + ".java");
            Files.createDirectories(file.getParent());
            files.add(Files.writeString(file, code.group(1)));
        }
        assertTrue(files.size() >= 5, files::toString);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(problems, null, null)) {
            boolean compiled = compiler.getTask(null, manager, problems,
                    List.of("-d", folder.toString(), "-proc:none", "-Xlint:all,-processing,-classfile,-path", "-cp",
                            System.getProperty("java.class.path")),
                    null, manager.getJavaFileObjectsFromPaths(files)).call();
            assertTrue(compiled, () -> problems.getDiagnostics().toString());
        }
    }
}
