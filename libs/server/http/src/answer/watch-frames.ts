import type { ResourceDefinition } from '@binnacle/apis-registry';
import { formatApiVersion, type Status } from '@binnacle/machinery-meta';
import { type Change, type ChangeType, jsonPieces, type StoredObject, type WatchItem } from '@binnacle/server-storage';
import { partialPieces, type TableOptions, tableOf } from './table-answer.js';

/** Turns what a watch delivers into the frames of its answer. */
export type FrameEncoder = (item: WatchItem) => Buffer | string;

/** Frames of plain JSON are made once for all watchers; they live as long as the stored object they show. */
const frames = new WeakMap<StoredObject, { type: ChangeType; bytes: Buffer }>();

function plainFrame({ type, object }: Change): Buffer {
  const known = frames.get(object);
  if (known?.type === type) return known.bytes;
  const [opening, rest] = jsonPieces(object);
  const bytes = Buffer.concat([Buffer.from(`{"type":"${type}","object":${opening}`), rest, Buffer.from('}\n')]);
  frames.set(object, { type, bytes });
  return bytes;
}

const INITIAL_EVENTS_END = { 'k8s.io/initial-events-end': 'true' };

function bookmarkFrame(kind: { apiVersion: string; kind: string }, revision: number, initial: boolean): string {
  const metadata = {
    resourceVersion: String(revision),
    creationTimestamp: null,
    ...(initial && { annotations: INITIAL_EVENTS_END }),
  };
  return `${JSON.stringify({ type: 'BOOKMARK', object: { ...kind, metadata } })}\n`;
}

export function errorFrame(status: Status): string {
  return `${JSON.stringify({ type: 'ERROR', object: status })}\n`;
}

/** Objects as they are stored. */
export function plainEncoder({ group, version, names }: ResourceDefinition): FrameEncoder {
  const kind = { kind: names.kind, apiVersion: formatApiVersion({ group, version }) };
  return (item) =>
    item.kind === 'change' ? plainFrame(item.change) : bookmarkFrame(kind, item.revision, item.initial ?? false);
}

export function partialEncoder(metaVersion: string): FrameEncoder {
  const kind = { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${metaVersion}` };
  return (item) => {
    if (item.kind === 'bookmark') return bookmarkFrame(kind, item.revision, item.initial ?? false);
    const object = partialPieces(item.change.object, metaVersion).join('');
    return `{"type":"${item.change.type}","object":${object}}\n`;
  };
}

function emptyTable(
  definition: ResourceDefinition,
  item: WatchItem & { kind: 'bookmark' },
  options: TableOptions,
): string {
  const { group, version, names } = definition;
  const metadata = {
    resourceVersion: String(item.revision),
    creationTimestamp: null,
    ...(item.initial && { annotations: INITIAL_EVENTS_END }),
  };
  const object = { kind: names.kind, apiVersion: formatApiVersion({ group, version }), metadata };
  const table = JSON.parse(tableOf(definition, [], { resourceVersion: String(item.revision) }, options)) as object;
  return `${JSON.stringify({ type: 'BOOKMARK', object: { ...table, rows: [{ cells: [], object }] } })}\n`;
}

/** Each event is a Table of one row; only the first one of a watch carries the columns, as upstream does. */
export function tableEncoder(definition: ResourceDefinition, options: TableOptions, now: () => number): FrameEncoder {
  let first = true;
  return (item) => {
    const current = { ...options, now: now(), noHeaders: !first };
    first = false;
    if (item.kind === 'bookmark') return emptyTable(definition, item, current);
    const { type, object } = item.change;
    const meta = { resourceVersion: String(object.revision) };
    return `{"type":"${type}","object":${tableOf(definition, [object], meta, current)}}\n`;
  };
}
