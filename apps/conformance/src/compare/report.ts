import type { Group, Tally } from './tally.js';

export interface ReportHead {
  /** `2026-11-29` */
  readonly date: string;
  readonly peer: string;
  readonly kinds: number;
  readonly seed: number;
}

const LONGEST = 160;
const percent = (part: number, of: number): string => `${((100 * part) / Math.max(1, of)).toFixed(2)} %`;

/** On one line, and harmless within a table. */
function inCell(value: unknown, longest = LONGEST): string {
  const text = (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replace(/\s+/g, ' ');
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return `\`${cut.replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

function groupRow({ kind, at, count, resources, example }: Group): string {
  const { case: one, difference } = example;
  const where = resources.size > 3 ? `${resources.size} resources` : [...resources].join(', ');
  const sample = `${one.section}: ${one.name}`;
  return `| ${count} | ${kind} | ${inCell(at, 90)} | ${where} | ${inCell(sample, 80)} | ${inCell(difference.ours)} | ${inCell(difference.theirs)} |`;
}

function sectionRows({ sections }: Tally): string[] {
  return [...sections].map(([name, { requests, codes, others }]) => `| ${name} | ${requests} | ${codes} | ${others} |`);
}

/** The page of docs that a comparison writes. */
export function reportOf(tally: Tally, { date, peer, kinds, seed }: ReportHead): string {
  const { requests, alike, codes, explained } = tally;
  const groups = tally.largest();
  return [
    '# Compared with kube-apiserver',
    '',
    'Written by `npm run bench -- compare`, which sends the same requests to this API server and to a kube-apiserver, and compares what',
    'they answer once uids, times, revisions, allocated addresses and ports are put aside. It wants the binaries: `BINNACLE_PEER_APISERVER`',
    'names kube-apiserver, `BINNACLE_PEER_ETCD` etcd.',
    '',
    `On ${date} with ${peer}: ${requests} requests over ${kinds} kinds, seed ${seed}.`,
    '',
    '| | answers | of all |',
    '|---|--:|--:|',
    `| alike, or different for a reason below | ${alike} | ${percent(alike, requests)} |`,
    `| of another status code | ${codes.all} | ${percent(codes.all, requests)} |`,
    `| of another status code for no reason given | ${codes.unexplained} | ${percent(codes.unexplained, requests)} |`,
    '',
    '| section | requests | other code, unexplained | other answer, unexplained |',
    '|---|--:|--:|--:|',
    ...sectionRows(tally),
    '',
    '## Explained',
    '',
    '| answers | why |',
    '|--:|---|',
    ...[...explained].map(([{ why }, count]) => `| ${count} | ${why} |`),
    '',
    '## Not explained',
    '',
    '| count | what | where | of | first seen at | here | there |',
    '|--:|---|---|---|---|---|---|',
    ...groups.map(groupRow),
    '',
  ].join('\n');
}
