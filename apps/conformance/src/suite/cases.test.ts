import { describe, expect, test } from 'vitest';
import { caseOf, focusOf, NOT_RUN, namesOf, outcomesOf, piecesOf } from './cases.js';
import { reportOf } from './report.js';
import { runAll } from './queue.js';

const REPORT = `<?xml version="1.0"?><testsuites><testsuite>
  <testcase name="[ReportBeforeSuite]" classname="s" status="passed" time="0.1"></testcase>
  <testcase name="[It] [sig-node] a &amp; &quot;b&quot; [Conformance] [sig-node, Conformance]" status="passed" time="1.6"><system-err>x</system-err></testcase>
  <testcase name="[It] [sig-apps] c [Serial] [Conformance]" status="failed" time="3">
    <failure message="expected &lt;1&gt;&#xA;got 2 | 3" type="failed">where</failure><system-err>y</system-err></testcase>
  <testcase name="[It] [sig-cli] d [Conformance]" status="skipped" time="0"></testcase>
</testsuite></testsuites>`;

describe('a report', () => {
  test('tells of the cases that ran', () => {
    expect(outcomesOf(REPORT)).toEqual([
      { name: '[sig-node] a & "b" [Conformance]', passed: true, seconds: 2, message: '' },
      { name: '[sig-apps] c [Serial] [Conformance]', passed: false, seconds: 3, message: 'expected <1>\ngot 2 | 3' },
    ]);
    expect(outcomesOf('')).toEqual([]);
  });

  test('of a dry run lists names', () => {
    expect(namesOf(REPORT)).toEqual(['[sig-apps] c [Serial] [Conformance]', '[sig-node] a & "b" [Conformance]']);
  });
});

test('a name says whose a case is, and whether it wants the cluster for itself', () => {
  expect(caseOf('[sig-apps] c [Serial]')).toEqual({ name: '[sig-apps] c [Serial]', sig: 'sig-apps', serial: true });
  expect(caseOf('c')).toMatchObject({ sig: 'other', serial: false });
});

test('a focus meets its names and no others', () => {
  const names = ['[sig-a] b (c) *d* "e" /f.g|h $', 'x+y?'];
  const focus = new RegExp(`^(${focusOf(names)})$`);
  for (const name of names) expect(focus.test(name)).toBe(true);
  expect(focus.test('xxy')).toBe(false);
});

test('pieces hold everything once', () => {
  expect(piecesOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(piecesOf([], 2)).toEqual([]);
});

test('cases that want the cluster for themselves run when all others have', async () => {
  const cases = ['a', 'b', 'c [Serial]', ...Array.from({ length: 20 }, (_, index) => `n${index}`)].map(caseOf);
  const told: string[] = [];
  const run = async (names: readonly string[]) =>
    names.map((name) => ({ name, passed: true, seconds: 0, message: '' }));
  await runAll(cases, 3, run, (outcomes) => told.push(...outcomes.map(({ name }) => name)));
  expect([told.length, new Set(told).size, told.at(-1)]).toEqual([cases.length, cases.length, 'c [Serial]']);
});

test('the page tells of every case and why it does not pass', () => {
  const outcome = (name: string, message = '') => ({ name, passed: message === '', seconds: 1, message });
  const page = reportOf(
    [
      outcome('[sig-node] b [Conformance]', 'timed | out\nlater'),
      outcome('[sig-node] a [Conformance]'),
      outcome('[sig-cli] e [Conformance]', NOT_RUN),
      outcome('[sig-api-machinery] AdmissionWebhook x [Conformance]', 'no'),
    ],
    { date: '2026-11-30', nodes: 4 },
  );
  expect(page).toContain('**1 of 4 cases pass.**');
  expect(page).toContain('| sig-node | 1 | 2 |');
  expect(page).toContain('| b | says: timed \\| out |');
  expect(page).toContain('| AdmissionWebhook x | admission webhooks are stored and checked, but not called |');
  expect(page).toContain('| e | it has not been run yet |');
  expect(page).toContain('- a\n');
});
