/**
 * Vitest's own output, then every skipped test's reason and, as the very last line, `N passed, N failed, N skipped`
 * (CONTRACT 1). What broke outside a test counts as failed: a file that does not load, an error that nobody caught.
 */
import type { SerializedError } from 'vitest';
import { DefaultReporter, type TestModule, type TestRunEndReason } from 'vitest/node';

export default class LastLineReporter extends DefaultReporter {
  override onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    super.onTestRunEnd(modules, errors, reason);
    let passed = 0;
    let failed = errors.length;
    const skipped: string[] = [];
    for (const module of modules) {
      let failedInside = 0;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') passed += 1;
        else if (result.state === 'failed') failedInside += 1;
        else {
          const why = result.state === 'skipped' ? (result.note ?? 'skipped by the test itself') : 'never ran';
          skipped.push(`${module.relativeModuleId}: ${test.fullName}: ${why}`);
        }
      }
      // A file that does not load, or a hook that throws, has no failed test to show for it.
      failed += failedInside > 0 || module.ok() ? failedInside : 1;
    }
    const lines = skipped.length > 0 ? ['', 'Skipped:', ...skipped.map(line => `  ${line}`)] : [];
    lines.push('', `${passed} passed, ${failed} failed, ${skipped.length} skipped`, '');
    process.stdout.write(lines.join('\n'));
    if (passed + failed === 0) process.exitCode = 1;
  }
}
