// What the reports of vitest (`--reporter=json`) tell of the rings of tests.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** The report in the file; undefined where there is none that can be read, as of a ring that ended before it could report. */
export function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The files in which something failed, from the root of the checkout. */
export function failedFiles(report, root) {
  return report.testResults.filter(isFailed).map(({ name }) => relative(root, name));
}

/**
 * What rings came to. Each has the report of all its tests and, where a few files failed, that of those files run once more: what
 * passed then is unsteady. `unhandled` are errors that no test caught. The lists hold a line a test, or a line a file that failed
 * as a whole.
 */
export function outcomeOf(runs, root) {
  const outcome = { passed: 0, skipped: 0, failed: [], unsteady: [] };
  for (const { first, again, unhandled } of runs) {
    outcome.failed.push(...unhandled.map((message) => `an error that no test caught: ${firstLine(message)}`));
    if (!first) continue;
    outcome.passed += first.numPassedTests;
    outcome.skipped += first.numPendingTests + first.numTodoTests;
    const failed = failures(first, root);
    const still = again ? failures(again, root) : failed;
    outcome.failed.push(...still.values());
    for (const [test, line] of failed) if (!still.has(test)) outcome.unsteady.push(line);
  }
  return outcome;
}

/** `12 passed, 0 failed, 1 unsteady, 2 skipped`. */
export function inWords({ passed, failed, unsteady, skipped }) {
  const counts = [`${passed} passed`, `${failed.length} failed`];
  if (unsteady.length) counts.push(`${unsteady.length} unsteady (passed when run again)`);
  return [...counts, `${skipped} skipped`].join(', ');
}

const isFailed = ({ status }) => status === 'failed';
const firstLine = (text) => (text ?? '').split('\n')[0];

/** By test, or by file where the file failed as a whole: the line that tells of it. */
function failures(report, root) {
  return new Map(report.testResults.filter(isFailed).flatMap((file) => failuresOf(file, relative(root, file.name))));
}

function failuresOf({ assertionResults, message }, file) {
  const tests = assertionResults.filter(isFailed).map(({ fullName, failureMessages }) => {
    const test = `${file}: ${fullName}`;
    return [test, `${test}: ${firstLine(failureMessages[0])}`];
  });
  return tests.length ? tests : [[file, `${file}: ${firstLine(message)}`]];
}
