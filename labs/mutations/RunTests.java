import java.util.concurrent.atomic.AtomicReference;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs test classes, or methods after a #, in order until one of them fails. Exit status 0: none failed; 1: one did, and
 * its first failing test is printed.
 */
public final class RunTests {
  private RunTests() {}

  public static void main(String[] names) {
    Launcher launcher = LauncherFactory.create();
    for (String name : names) {
      AtomicReference<String> failed = new AtomicReference<>("");
      LauncherDiscoveryRequest request =
          LauncherDiscoveryRequestBuilder.request()
              .selectors(
                  name.contains("#")
                      ? DiscoverySelectors.selectMethod(name)
                      : DiscoverySelectors.selectClass(name))
              .build();
      launcher.execute(request, listener(failed));
      if (!failed.get().isEmpty()) {
        System.out.println(failed.get());
        System.exit(1);
      }
    }
  }

  private static TestExecutionListener listener(AtomicReference<String> failed) {
    return new TestExecutionListener() {
      @Override
      public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.FAILED) {
          String name = test.getLegacyReportingName();
          String id = test.getUniqueId();
          int from = Math.max(id.indexOf("[method:"), id.indexOf("[test-template:"));
          String method = from < 0 ? name : id.substring(id.indexOf(':', from) + 1);
          failed.compareAndSet("", method.replaceFirst("[(\\]].*", ""));
        }
      }
    };
  }
}
