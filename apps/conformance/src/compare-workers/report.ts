import type { WorkDifference } from './differences.js';
import { explanationOf, type WorkExplanation } from './explanations.js';
import type { Scenario } from './scenario.js';

/** A scenario with everything in which it ended otherwise. */
export interface Outcome {
  readonly scenario: Scenario;
  readonly differences: readonly WorkDifference[];
}

export interface ReportHead {
  /** `2026-11-30` */
  readonly date: string;
  readonly controllerManager: string;
  readonly scheduler: string;
}

const LONGEST = 200;

/** On one line, and harmless within a table. */
function inCell(value: unknown): string {
  const text = (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replace(/\s+/g, ' ');
  if (!text) return '';
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return `\`${cut.replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

const titleOf = ({ field, name }: Scenario): string => `${field}: ${name}`;

/** Those nobody has explained. */
export const unexplained = ({ scenario, differences }: Outcome): WorkDifference[] =>
  differences.filter((one) => !explanationOf(scenario, one));

function scenarioRow(outcome: Outcome): string {
  const { scenario, differences } = outcome;
  const left = unexplained(outcome);
  const count = (all: readonly WorkDifference[], isEvent: boolean) =>
    all.filter(({ kind }) => (kind === 'event') === isEvent).length;
  const told = (isEvent: boolean) => {
    const [all, open] = [count(differences, isEvent), count(left, isEvent)];
    if (all === 0) return 'alike';
    return open === 0 ? `${all} explained` : `${open} not explained`;
  };
  return `| ${scenario.field} | ${scenario.name} | ${told(false)} | ${told(true)} |`;
}

function countOf(outcomes: readonly Outcome[]): Map<WorkExplanation, number> {
  const counts = new Map<WorkExplanation, number>();
  for (const { scenario, differences } of outcomes) {
    for (const one of differences) {
      const explanation = explanationOf(scenario, one);
      if (explanation) counts.set(explanation, (counts.get(explanation) ?? 0) + 1);
    }
  }
  return counts;
}

function openRows(outcome: Outcome): string[] {
  return unexplained(outcome).map(
    ({ about, at, ours, theirs }) =>
      `| ${titleOf(outcome.scenario)} | ${inCell(about)} | ${inCell(at)} | ${inCell(ours)} | ${inCell(theirs)} |`,
  );
}

/** The page of docs that a comparison writes. */
export function reportOf(outcomes: readonly Outcome[], { date, controllerManager, scheduler }: ReportHead): string {
  const alike = outcomes.filter(({ differences }) => differences.length === 0).length;
  const explained = outcomes.filter((one) => one.differences.length > 0 && unexplained(one).length === 0).length;
  const open = outcomes.flatMap(openRows);
  return [
    '# Controllers and scheduler, compared with upstream’s',
    '',
    'Written by `npm run bench -- compare-workers`. The same is done in two clusters of this project: in one its own controller manager',
    'and scheduler work, in the other upstream’s, against the same API server, on the same simulated nodes. What is left behind, and the',
    'Events that tell of it, are compared once uids, times, addresses, random suffixes, hashes of templates and the order of ports are put',
    'aside. So is what upstream’s plugin of devices says of Pods that claim none: `no new claims to deallocate`, and `not found` instead of',
    'a word about preemption where the claims of volumes were in the way before it was asked. It wants the binaries:',
    '`BINNACLE_KUBE_CONTROLLER_MANAGER` and `BINNACLE_KUBE_SCHEDULER`.',
    '',
    `On ${date} with kube-controller-manager ${controllerManager} and kube-scheduler ${scheduler}.`,
    '',
    '| scenarios | |',
    '|---|--:|',
    `| in all | ${outcomes.length} |`,
    `| alike | ${alike} |`,
    `| different for reasons below | ${explained} |`,
    `| different for no reason given | ${outcomes.length - alike - explained} |`,
    '',
    '| of | what is done | how it ends | Events |',
    '|---|---|---|---|',
    ...outcomes.map(scenarioRow),
    '',
    '## Explained',
    '',
    '| differences | why |',
    '|--:|---|',
    ...[...countOf(outcomes)].map(([{ why }, count]) => `| ${count} | ${why} |`),
    '',
    ...(open.length === 0
      ? []
      : [
          '## Not explained',
          '',
          '| scenario | of | where | ours | upstream’s |',
          '|---|---|---|---|---|',
          ...open,
          '',
        ]),
  ].join('\n');
}
