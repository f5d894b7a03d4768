import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import type { ClientConfig } from '@binnacle/client-rest';
import { systemClock } from '@binnacle/process-lifecycle';
import { RawApi, startTestApiServer } from '@binnacle/testing-cluster';
import { sendOverHttps } from '@binnacle/testing-fuzz';
import type { Case } from './case.js';
import { corpusOf } from './corpus/index.js';
import { differencesOf } from './differences.js';
import { peerPrograms, startPeer } from './peer.js';
import { prepare } from './prepare.js';
import { type Played, replay } from './replay.js';
import { reportOf } from './report.js';
import { Tally } from './tally.js';

const PAGE = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'compared.md');
const say = (text: string) => process.stdout.write(`${text}\n`);

interface Settings {
  readonly seed: number;
  readonly mutations: number;
  /** Only cases whose section and resource, joined by a space, match. */
  readonly only: RegExp;
  /** Where every difference is noted, one JSON value a line. */
  readonly log: string | undefined;
}

function settingsOf(options: Readonly<Record<string, string>>): Settings {
  const { seed = '7', mutations = '12', only = '', log } = options;
  return { seed: Number(seed), mutations: Number(mutations), only: new RegExp(only), log };
}

function note(file: string | undefined, { case: one, ours, theirs }: Played, now: number): void {
  if (!file) return;
  for (const difference of differencesOf({ case: one, ours, theirs }, now)) {
    const { section, resource, name, request } = one;
    const body = request.body?.toString().slice(0, 2_000);
    const asked = `${request.method} ${request.path}`;
    appendFileSync(file, `${JSON.stringify({ section, resource, name, asked, body, ...difference })}\n`);
  }
}

async function compare(cases: readonly Case[], ours: ClientConfig, theirs: ClientConfig, log: string | undefined) {
  const servers = { ours: sendOverHttps(ours), theirs: sendOverHttps(theirs) };
  const tally = new Tally();
  for await (const played of replay(cases, servers)) {
    const now = systemClock.now();
    tally.add(played, now);
    note(log, played, now);
    if (tally.requests % 500 === 0) say(`${tally.requests} of ${cases.length}`);
  }
  servers.ours.close();
  servers.theirs.close();
  return tally;
}

async function prepareFor(...configs: readonly ClientConfig[]): Promise<void> {
  for (const config of configs) {
    const raw = new RawApi(config);
    await prepare(raw);
    raw.close();
  }
}

/**
 * Compares this API server with a kube-apiserver and writes the page that tells how they differ; `--only` takes a part of the
 * corpus and writes none.
 */
export async function run(options: Readonly<Record<string, string>>): Promise<object> {
  const programs = peerPrograms(process.env);
  if (!programs) {
    say('BINNACLE_PEER_APISERVER names no kube-apiserver to compare with');
    return { record: false, failed: true };
  }
  const settings = settingsOf(options);
  const cases = corpusOf(builtinResources.all, settings);
  const wanted = cases.filter(({ section, resource }) => settings.only.test(`${section} ${resource}`));
  const peer = await startPeer(programs);
  const server = await startTestApiServer({ disableAdmission: [] });
  try {
    await prepareFor(server.admin, peer.admin);
    const tally = await compare(wanted, server.admin, peer.admin, settings.log);
    const date = new Date(systemClock.now()).toISOString().slice(0, 10);
    const { seed } = settings;
    const report = reportOf(tally, { date, peer: `kube-apiserver ${peer.version}`, kinds: kindsOf(cases), seed });
    if (options.only === undefined) writeFileSync(PAGE, report);
    else say(report);
    const { requests, alike, codes } = tally;
    say(JSON.stringify({ requests, alike, codes }));
    return { record: false, requests, alike, codes };
  } finally {
    await server.close();
    await peer.close();
  }
}

const kindsOf = (cases: readonly Case[]): number => new Set(cases.map(({ resource }) => resource)).size - 1;
