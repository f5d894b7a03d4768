import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, findKubectl, findKubectls, Kubectl, startCluster } from './index.js';
import { afterwards, inNamespaces, matrix } from './matrix/index.js';
import { pageOf, readPage, seenBy } from './matrix/page.js';
import { prepareFiles } from './matrix/places.js';
import { type Outcome, type Player, playAll } from './matrix/play.js';
import { wordsOf } from './matrix/step.js';

const PAGE = join(import.meta.dirname, '..', '..', '..', 'docs', 'kubectl.md');
/** Of which versions the page is to be written anew: `1.33,1.36`, or `all` there are. */
const toWrite = process.env.BINNACLE_KUBECTL_PAGE;
const ALL = Array.from({ length: 13 }, (_, index) => `1.${index + 27}`);

/** To check the page, the oldest and the newest will do. */
function chosen(): string[] {
  if (toWrite === undefined) return [...new Set([...findKubectls('1.27'), findKubectl() ?? ''])].filter(Boolean);
  return findKubectls(...(toWrite === 'all' ? ALL : toWrite.split(',')));
}

const paths = chosen();

let cluster: Cluster;
let folder: string;
const players: Player[] = [];
const outcomes = new Map<string, Outcome[]>();

const nameOf = ({ version }: Player): string => `1.${version}`;

function playerOf(path: string, index: number): Player {
  const version = Number(
    /\d+/.exec(
      new Kubectl(path, '').json<{ clientVersion: { minor: string } }>('version', '--client').clientVersion.minor,
    )?.[0],
  );
  const places = { ns: `k1${version}`, node: `worker-${index + 1}`, dir: join(folder, String(version)) };
  return { version, places, kubectl: new Kubectl(path, prepareFiles(places, cluster.kubeconfig)) };
}

beforeAll(async () => {
  if (paths.length === 0) return;
  cluster = await startCluster({ slot: 38, nodes: paths.length + 1, web: false });
  folder = mkdtempSync(join(tmpdir(), 'bn-kubectl-'));
  players.push(...paths.map(playerOf));
  for (const sections of [inNamespaces, afterwards])
    await Promise.all(
      players.map(async (player) => {
        const before = outcomes.get(nameOf(player)) ?? [];
        outcomes.set(nameOf(player), [...before, ...(await playAll(player, sections))]);
      }),
    );
}, 600_000);

afterAll(async () => {
  for (const { kubectl } of players) kubectl.dispose();
  if (folder) rmSync(folder, { recursive: true, force: true });
  await cluster?.dispose();
});

/** The commands that a kubectl's own help lists. */
function commandsOf(kubectl: Kubectl, ...above: string[]): string[] {
  const help = kubectl.run(...above, '--help').split(/^Usage:/m)[0] ?? '';
  return [...help.matchAll(/^ {2}([a-z][a-z-]*) {2,}\S/gm)].map(([, name = '']) => [...above, name].join(' '));
}

describe.runIf(paths.length > 0)('every command of kubectl', () => {
  const typed = matrix.flatMap(({ steps }) => steps.map(({ command }) => wordsOf(command).join(' ')));

  test('is in the matrix', () => {
    const missing = players.flatMap(({ kubectl }) =>
      ['', 'create', 'set', 'rollout', 'config', 'auth', 'certificate', 'apply', 'create secret', 'create service']
        .flatMap((above) => commandsOf(kubectl, ...above.split(' ').filter(Boolean)))
        .filter((command) => !typed.some((each) => each.startsWith(command))),
    );
    expect(missing).toEqual([]);
  });

  test('says what it has to, with every version there is', () => {
    const faults = [...outcomes].flatMap(([version, each]) =>
      each.flatMap(({ command, fault }) => (fault === undefined ? [] : [`${version} ${command}: ${fault}`])),
    );
    expect(faults.join('\n')).toBe('');
  });

  test('is told of in docs/kubectl.md as it was seen', () => {
    const seen = readPage(readFileSync(PAGE, 'utf8'));
    for (const [version, each] of outcomes)
      if (toWrite !== undefined || seen.has(version)) seen.set(version, seenBy(each));
    const page = pageOf(matrix, seen);
    if (toWrite !== undefined) writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, 'utf8')).toBe(page);
  });
});
