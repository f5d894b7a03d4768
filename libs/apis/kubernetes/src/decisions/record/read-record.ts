import type { BestNodes, DecisionRecord, PreemptionRecord, QueuedRecord, RefusedNodes, Victim } from './record.js';
import { DECISION_RESULTS, LONGEST, MOST_TOLD } from './record.js';

/** What was sent is no decision: it says which member is wrong. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RecordError(`${where}: no object`);
  return value as Fields;
}

function text(from: Fields, name: string, most: number, least = 1): string {
  const value = from[name];
  if (typeof value !== 'string' || value.length < least || value.length > most)
    throw new RecordError(`${name}: no text of ${least} to ${most} characters`);
  // What cannot be kept as text, or be told as JSON, is none.
  if (/\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(value))
    throw new RecordError(`${name}: no text`);
  return value;
}

function whole(from: Fields, name: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
  const value = from[name];
  if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most)
    throw new RecordError(`${name}: no whole number from ${least}`);
  return value as number;
}

function numeric(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new RecordError(`${where}: no number`);
  return value;
}

function list<T>(from: Fields, name: string, most: number, read: (item: unknown) => T): T[] {
  const value = from[name];
  if (!Array.isArray(value) || value.length > most) throw new RecordError(`${name}: no list of at most ${most}`);
  return value.map(read);
}

const name = (value: unknown): string => text({ name: value }, 'name', LONGEST.name);

function readRefused(value: unknown): RefusedNodes {
  const from = fields(value, 'refused');
  return {
    plugin: text(from, 'plugin', LONGEST.word),
    reason: text(from, 'reason', LONGEST.sentence),
    nodes: whole(from, 'nodes'),
    examples: list(from, 'examples', MOST_TOLD.examples, name),
    ...(from.unresolvable === true && { unresolvable: true }),
  };
}

function readBest(value: unknown): BestNodes {
  const from = fields(value, 'best');
  const plugins = list(from, 'plugins', MOST_TOLD.plugins, (item) => {
    const plugin = fields(item, 'plugins');
    return { plugin: text(plugin, 'plugin', LONGEST.word), weight: numeric(plugin.weight, 'weight') };
  });
  const numbers = (of: Fields, which: string) => {
    const read = list(of, which, plugins.length, (item) => numeric(item, which));
    if (read.length !== plugins.length) throw new RecordError(`${which}: not one for each plugin`);
    return read;
  };
  const nodes = list(from, 'nodes', MOST_TOLD.best, (item) => {
    const node = fields(item, 'best.nodes');
    const total = numeric(node.total, 'total');
    return { node: name(node.node), total, raw: numbers(node, 'raw'), scores: numbers(node, 'scores') };
  });
  return { plugins, nodes };
}

function readVictim(value: unknown): Victim {
  const from = fields(value, 'victims');
  return {
    namespace: text(from, 'namespace', LONGEST.word),
    name: text(from, 'name', LONGEST.name),
    ...(from.priority !== undefined && { priority: whole(from, 'priority', Number.MIN_SAFE_INTEGER) }),
  };
}

function readPreemption(value: unknown): PreemptionRecord {
  const from = fields(value, 'preemption');
  return {
    ...(from.node !== undefined && { node: name(from.node) }),
    victims: list(from, 'victims', MOST_TOLD.victims, readVictim),
    ...(from.moreVictims !== undefined && { moreVictims: whole(from, 'moreVictims') }),
    ...(from.message !== undefined && { message: text(from, 'message', LONGEST.message) }),
  };
}

/** Of the Date type, 8.64e15 milliseconds. */
const LAST_TIME = 8.64e15;

function readQueued(value: unknown): QueuedRecord {
  const from = fields(value, 'queued');
  return {
    since: whole(from, 'since', 0, LAST_TIME),
    event: text(from, 'event', LONGEST.word),
    ...(from.object !== undefined && { object: text(from, 'object', LONGEST.sentence) }),
  };
}

function readPod(value: unknown): DecisionRecord['pod'] {
  const from = fields(value, 'pod');
  return {
    namespace: text(from, 'namespace', LONGEST.word),
    name: text(from, 'name', LONGEST.name),
    uid: text(from, 'uid', LONGEST.word),
  };
}

/** What came of it, as far as it was told. */
function readOutcome(from: Fields): Partial<DecisionRecord> {
  return {
    ...(from.node !== undefined && { node: name(from.node) }),
    ...(from.message !== undefined && { message: text(from, 'message', LONGEST.message) }),
    ...(from.moreRefused !== undefined && { moreRefused: whole(from, 'moreRefused') }),
    ...(from.best !== undefined && { best: readBest(from.best) }),
    ...(from.preemption !== undefined && { preemption: readPreemption(from.preemption) }),
  };
}

/** Reads a record that somebody sent, and nothing else that it may hold. Throws `RecordError`. */
export function readRecord(value: unknown): DecisionRecord {
  const from = fields(value, 'record');
  const result = DECISION_RESULTS.find((known) => known === from.result);
  if (!result) throw new RecordError('result: none that is known');
  return {
    time: whole(from, 'time', 0, LAST_TIME),
    duration: whole(from, 'duration'),
    scheduler: text(from, 'scheduler', LONGEST.name),
    pod: readPod(from.pod),
    attempt: whole(from, 'attempt', 1),
    queued: readQueued(from.queued),
    revision: whole(from, 'revision'),
    result,
    nodes: whole(from, 'nodes'),
    feasible: whole(from, 'feasible'),
    refused: list(from, 'refused', MOST_TOLD.refused, readRefused),
    ...readOutcome(from),
  };
}
