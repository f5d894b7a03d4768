import { caseOf, CUT_OFF, NOT_RUN, type Outcome } from './cases.js';
import { reasonOf } from './reasons.js';

export interface ReportOptions {
  readonly date: string;
  readonly nodes: number;
  /** Outcomes of more than one run were put together. */
  readonly inPieces?: boolean;
}

const PIECES = 'It was run in pieces over that day: what had passed was not run again on later builds.';
const LONGEST = 160;

/** A cell of a table: one line, and nothing that would end the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').replaceAll('<', '&lt;').trim();

/** What a failed case said first, without times and names that every run makes anew. */
function said(message: string): string {
  if (message === NOT_RUN) return NOT_RUN;
  const line = message.split('\n').find((each) => each.trim() !== '' && !each.startsWith(CUT_OFF)) ?? 'nothing';
  return `says: ${line.slice(0, LONGEST)}`;
}

const bySig = (outcomes: readonly Outcome[]): Map<string, Outcome[]> => {
  const sigs = new Map<string, Outcome[]>();
  for (const outcome of [...outcomes].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const { sig } = caseOf(outcome.name);
    sigs.set(sig, [...(sigs.get(sig) ?? []), outcome]);
  }
  return sigs;
};

const shortName = (name: string): string => cell(name.replace(/^\[sig-[a-z-]+\] /, '').replace(' [Conformance]', ''));

function section([sig, outcomes]: readonly [string, readonly Outcome[]]): string[] {
  const passed = outcomes.filter((one) => one.passed);
  const rows = outcomes
    .filter((one) => !one.passed)
    .map(({ name, message }) => `| ${shortName(name)} | ${cell(reasonOf(name) ?? said(message))} |`);
  return [
    `## ${sig}: ${passed.length} of ${outcomes.length}`,
    '',
    ...(rows.length > 0 ? ['| does not pass | because |', '|---|---|', ...rows, ''] : []),
    ...(passed.length > 0 ? ['Passed:', '', ...passed.map(({ name }) => `- ${shortName(name)}`), ''] : []),
  ];
}

/** The page that tells of every case. */
export function reportOf(outcomes: readonly Outcome[], { date, nodes, inPieces = false }: ReportOptions): string {
  const sigs = [...bySig(outcomes)].sort(([a], [b]) => (a < b ? -1 : 1));
  const passed = outcomes.filter((one) => one.passed).length;
  const summary = sigs.map(([sig, some]) => `| ${sig} | ${some.filter((one) => one.passed).length} | ${some.length} |`);
  return [
    '# Conformance',
    '',
    `Kubernetes' own conformance suite (e2e.test of 1.36) on ${nodes} simulated nodes, ${date}: **${passed} of ${outcomes.length} cases pass.**`,
    '',
    'This page is written by `BINNACLE_E2E_TEST=/path/to/e2e.test npm run bench -- conformance`, which starts a cluster of its own. Why a',
    'case does not pass is said by `apps/conformance/src/suite/reasons.ts`; where nothing is said there, by what the case itself said.',
    '',
    ...(inPieces ? [PIECES, ''] : []),
    '| | passed | of |',
    '|---|---|---|',
    ...summary,
    '',
    ...sigs.flatMap(section),
  ].join('\n');
}
