import { expect, test } from 'vitest';
import { failedFiles, inWords, outcomeOf, readReport } from './reports.mjs';

const result = (name: string, status: 'passed' | 'failed', text = '') => ({
  fullName: name,
  status,
  failureMessages: text ? [text] : [],
});
const file = (name: string, tests: ReturnType<typeof result>[], message = '') => ({
  name: `/checkout/${name}`,
  status: message || tests.some(({ status }) => status === 'failed') ? 'failed' : 'passed',
  message,
  assertionResults: tests,
});
const report = (...files: ReturnType<typeof file>[]) => ({
  numPassedTests: files.flatMap((of) => of.assertionResults).filter(({ status }) => status === 'passed').length,
  numPendingTests: 1,
  numTodoTests: 0,
  testResults: files,
});
const good = file('good.test.ts', [result('adds', 'passed')]);
const bad = file('bad.test.ts', [result('holds', 'passed'), result('waits', 'failed', 'Error: too late\n  at line 1')]);

test('files in which something failed are named from the root', () => {
  expect(failedFiles(report(good, bad), '/checkout')).toEqual(['bad.test.ts']);
});

test('a test that failed is told in one line with its file and why', () => {
  const outcome = outcomeOf([{ first: report(good, bad), again: undefined, unhandled: [] }], '/checkout');
  expect(outcome.failed).toEqual(['bad.test.ts: waits: Error: too late']);
  expect(inWords(outcome)).toBe('2 passed, 1 failed, 1 skipped');
});

test('what passed when it was run again is unsteady, and no failure', () => {
  const again = report(file('bad.test.ts', [result('holds', 'passed'), result('waits', 'passed')]));
  const outcome = outcomeOf([{ first: report(good, bad), again, unhandled: [] }], '/checkout');
  expect(outcome).toMatchObject({ failed: [], unsteady: ['bad.test.ts: waits: Error: too late'] });
  expect(inWords(outcome)).toBe('2 passed, 0 failed, 1 unsteady (passed when run again), 1 skipped');
});

test('what failed again failed, also where it is another test', () => {
  const again = report(file('bad.test.ts', [result('holds', 'failed', 'Error: no'), result('waits', 'passed')]));
  expect(outcomeOf([{ first: report(bad), again, unhandled: [] }], '/checkout')).toMatchObject({
    failed: ['bad.test.ts: holds: Error: no'],
    unsteady: ['bad.test.ts: waits: Error: too late'],
  });
});

test('a file that could not be run is told as a whole', () => {
  const broken = file('broken.test.ts', [], 'SyntaxError: odd');
  expect(outcomeOf([{ first: report(broken), again: undefined, unhandled: [] }], '/checkout').failed).toEqual([
    'broken.test.ts: SyntaxError: odd',
  ]);
});

test('a ring without a report counts nothing', () => {
  expect(readReport('/nowhere/report.json')).toBeUndefined();
  expect(outcomeOf([{ first: undefined, again: undefined, unhandled: [] }], '/checkout')).toMatchObject({
    passed: 0,
    failed: [],
  });
});

test('an error that no test caught is a failure, also where every test passed', () => {
  const outcome = outcomeOf(
    [{ first: report(good), again: undefined, unhandled: ['Worker exited\n at 1'] }],
    '/checkout',
  );
  expect(outcome).toMatchObject({ passed: 1, failed: ['an error that no test caught: Worker exited'] });
});
