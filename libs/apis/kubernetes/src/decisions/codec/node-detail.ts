import { ByteReader, ByteWriter, DetailFormatError } from './bytes.js';
import { decodeNames, MOST_NODES } from './names.js';
import { decodeNumbers, encodeNumbers } from './numbers.js';

/** What some nodes had against a Pod. */
export interface Refusal {
  readonly plugin: string;
  /** Upstream's sentences. */
  readonly reasons: readonly string[];
  /** No eviction from such a node would help. */
  readonly unresolvable: boolean;
}

/** One plugin's opinion of the nodes that could take the Pod, in their order. */
export interface ScoreColumn {
  readonly plugin: string;
  readonly weight: number;
  /** As the plugin counted. */
  readonly raw: Float64Array;
  /** 0 to 100, before the weight. */
  readonly scores: Float64Array;
}

/** What one attempt found out of each node. */
export interface NodeDetail {
  readonly names: readonly string[];
  readonly refusals: readonly Refusal[];
  /** Of each node `TAKES`, `UNSEEN`, or `REFUSES` plus the place of what it had against the Pod in `refusals`. */
  readonly verdicts: Uint16Array;
  /** Of the nodes that take it; none where there was nothing to compare. */
  readonly columns: readonly ScoreColumn[];
}

export const TAKES = 0;
/** Nobody looked at it. */
export const UNSEEN = 1;
export const REFUSES = 2;

const VERSION = 1;
export const MOST_REFUSALS = 1_000;
export const MOST_REASONS = 32;
export const MOST_PLUGINS = 32;
/** Scores there may be, of all plugins together. */
const MOST_SCORES = 400_000;
export const LONGEST_REASON = 1_024;

function encodeVerdicts(writer: ByteWriter, verdicts: Uint16Array): void {
  for (let at = 0; at < verdicts.length; ) {
    const verdict = verdicts[at] as number;
    let end = at + 1;
    while (end < verdicts.length && verdicts[end] === verdict) end += 1;
    writer.count(verdict);
    writer.count(end - at);
    at = end;
  }
}

function decodeVerdicts(reader: ByteReader, count: number, refusals: number): Uint16Array {
  const verdicts = new Uint16Array(count);
  for (let at = 0; at < count; ) {
    const verdict = reader.many(REFUSES + refusals - 1);
    const run = reader.many(count - at);
    if (run === 0) throw new DetailFormatError('a verdict is about no node');
    verdicts.fill(verdict, at, at + run);
    at += run;
  }
  return verdicts;
}

function encodeRefusal(writer: ByteWriter, { plugin, reasons, unresolvable }: Refusal): void {
  writer.text(plugin);
  writer.count(reasons.length);
  for (const reason of reasons) writer.text(reason);
  writer.byte(unresolvable ? 1 : 0);
}

function decodeRefusal(reader: ByteReader): Refusal {
  const plugin = reader.text(LONGEST_REASON);
  const count = reader.many(MOST_REASONS);
  const reasons = Array.from({ length: count }, () => reader.text(LONGEST_REASON));
  return { plugin, reasons, unresolvable: reader.byte() === 1 };
}

/** As `NodeDetail`, the names as `encodeNames` gave them. */
export function encodeDetail(
  names: Uint8Array,
  { refusals, verdicts, columns }: Omit<NodeDetail, 'names'>,
): Uint8Array {
  const writer = new ByteWriter();
  writer.byte(VERSION);
  writer.raw(names);
  writer.count(refusals.length);
  for (const refusal of refusals) encodeRefusal(writer, refusal);
  encodeVerdicts(writer, verdicts);
  writer.count(columns.length);
  for (const { plugin, weight, raw, scores } of columns) {
    writer.text(plugin);
    writer.float(weight);
    encodeNumbers(writer, scores);
    writer.byte(raw === scores ? 0 : 1);
    if (raw !== scores) encodeNumbers(writer, raw);
  }
  return writer.written();
}

function decodeColumn(reader: ByteReader, candidates: number): ScoreColumn {
  const plugin = reader.text(LONGEST_REASON);
  const weight = reader.float();
  const scores = decodeNumbers(reader, candidates);
  return { plugin, weight, scores, raw: reader.byte() === 0 ? scores : decodeNumbers(reader, candidates) };
}

/** Throws `DetailFormatError`. What it answers is no more than a fixed number of times the bytes it is given. */
export function decodeDetail(bytes: Uint8Array): NodeDetail {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== VERSION) throw new DetailFormatError('of another release');
  const names = decodeNames(reader);
  const refusals = Array.from({ length: reader.many(MOST_REFUSALS) }, () => decodeRefusal(reader));
  const verdicts = decodeVerdicts(reader, names.length, refusals.length);
  const candidates = verdicts.reduce((sum, verdict) => (verdict === TAKES ? sum + 1 : sum), 0);
  const most = Math.min(MOST_PLUGINS, Math.floor(MOST_SCORES / Math.max(candidates, 1)));
  const columns = Array.from({ length: reader.many(most) }, () => decodeColumn(reader, candidates));
  if (reader.left > 0) throw new DetailFormatError('it goes on after its end');
  return { names, refusals, verdicts, columns };
}

/** No detail is longer, before it is deflated. */
export const MOST_DETAIL_BYTES = MOST_NODES * 200;
