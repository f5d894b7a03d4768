// Compares what clients were told with what the log says. Every rule returns sentences about what broke it.
import { EMPTY, fold, idOf } from './digest.mjs';

const TYPES = { create: 'ADDED', update: 'MODIFIED', delete: 'DELETED' };

/**
 * `log` is the whole history, oldest first. `operations` are what clients did: `{ kind, op, name, expected, id, begun, ended,
 * outcome: 'ok' | 'refused' | 'unknown', revision }`, times in microseconds of one clock. `stretches` are what watchers saw:
 * `{ watcher, from, to, count, digest }`.
 */
export function check({ log, newest, operations, stretches, watchers }) {
  const changes = log.map((change) => ({
    ...change.object,
    type: change.type,
    name: change.object.key.name,
    id: idOf(change.object.body),
  }));
  return [
    ...gapFree(changes, newest),
    ...nothingLost(changes, operations),
    ...realTimeOrder(operations),
    ...keyHistories(changes, operations),
    ...linearizableReads(changes, operations),
    ...exactWatches(changes, stretches, watchers, newest),
  ];
}

function gapFree(changes, newest) {
  const broken = changes.filter((change, index) => change.revision !== index + 1).slice(0, 3);
  const found = broken.map((change) => `revision ${change.revision} is out of order`);
  if (changes.length !== newest) found.push(`the log has ${changes.length} changes, its counter says ${newest}`);
  return found;
}

function nothingLost(changes, operations) {
  const byId = new Map();
  const found = [];
  for (const change of changes) {
    if (byId.has(change.id)) found.push(`write ${change.id} was stored twice`);
    byId.set(change.id, change);
  }
  for (const { kind, id, outcome, revision, op, name } of operations) {
    if (kind !== 'write') continue;
    const change = byId.get(id);
    if (outcome === 'ok' && !change) found.push(`acknowledged write ${id} is lost`);
    else if (
      outcome === 'ok' &&
      revision !== undefined &&
      (change.revision !== revision || change.name !== name || change.type !== TYPES[op])
    ) {
      found.push(
        `write ${id} was acknowledged as ${revision}, and is ${change.type} ${change.name}@${change.revision}`,
      );
    }
    if (outcome === 'refused' && change) found.push(`write ${id} was refused and stored`);
  }
  return found;
}

/** What was acknowledged before something else began has the lower revision. */
function realTimeOrder(operations) {
  const acknowledged = operations.filter(
    ({ kind, outcome, revision }) => kind === 'write' && outcome === 'ok' && revision,
  );
  acknowledged.sort((a, b) => a.revision - b.revision);
  const found = [];
  let latest = { begun: -1 };
  for (const operation of acknowledged) {
    if (operation.ended < latest.begun)
      found.push(`${operation.id}@${operation.revision} ended before ${latest.id}@${latest.revision} began`);
    if (operation.begun > latest.begun) latest = operation;
  }
  return found;
}

/** Each key's changes are what compare-and-swap allows. */
function keyHistories(changes, operations) {
  const asked = new Map(
    operations.filter(({ kind }) => kind === 'write').map((operation) => [operation.id, operation]),
  );
  const state = new Map();
  const found = [];
  for (const change of changes) {
    const before = state.get(change.name) ?? 0;
    const operation = asked.get(change.id);
    if (!operation) found.push(`nobody asked for ${change.id}`);
    else if (operation.op === 'create' ? before !== 0 : operation.expected !== before) {
      found.push(`${change.id} expected ${change.name}@${operation.expected ?? 'none'}, it was @${before || 'none'}`);
    }
    state.set(change.name, change.type === 'DELETED' ? 0 : change.revision);
  }
  return found;
}

/** A read shows the state of its key at some moment between its beginning and its end. */
function linearizableReads(changes, operations) {
  const histories = new Map();
  for (const change of changes) historyOf(histories, change.name).add(change);
  const acknowledged = operations.filter(
    ({ kind, outcome, revision }) => kind === 'write' && outcome === 'ok' && revision,
  );
  for (const write of acknowledged.sort((a, b) => a.ended - b.ended))
    historyOf(histories, write.name).acknowledge(write);
  const found = [];
  for (const read of operations.filter(({ kind, outcome }) => kind === 'read' && outcome === 'ok')) {
    const history = historyOf(histories, read.name);
    const floor = history.acknowledgedBefore(read.begun);
    if (!history.shows(read.revision, floor)) {
      const shown = `a read of ${read.name} showed @${read.revision || 'none'}`;
      found.push(`${shown} although @${floor} was acknowledged before`);
    }
  }
  return found;
}

function historyOf(histories, name) {
  if (!histories.has(name)) histories.set(name, new KeyHistory());
  return histories.get(name);
}

/** What happened to one key, and when clients were told. */
class KeyHistory {
  revisions = new Set();
  lastDeleted = 0;
  /** Times at which writes were acknowledged, and the highest revision acknowledged by then. */
  times = [];
  highest = [];

  add({ type, revision }) {
    if (type === 'DELETED') this.lastDeleted = revision;
    else this.revisions.add(revision);
  }

  acknowledge({ ended, revision }) {
    this.times.push(ended);
    this.highest.push(Math.max(this.highest.at(-1) ?? 0, revision));
  }

  acknowledgedBefore(time) {
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle] < time) low = middle + 1;
      else high = middle;
    }
    return this.highest[low - 1] ?? 0;
  }

  /** Whether the key was in that state, 0 for none, at or after a revision. */
  shows(revision, floor) {
    if (revision === 0) return floor === 0 || this.lastDeleted >= floor;
    return revision >= floor && this.revisions.has(revision);
  }
}

/** Every watcher saw every change once, in order, to the end. */
function exactWatches(changes, stretches, watchers, newest) {
  const found = [];
  const position = new Map(watchers.map((watcher) => [watcher, 0]));
  for (const { watcher, from, to, count, digest } of stretches) {
    if (position.get(watcher) !== from)
      found.push(`watcher ${watcher} was at ${position.get(watcher)} and went on from ${from}`);
    const expected = changes.slice(from, to).reduce((sum, c) => fold(sum, c.revision, c.type, c.name, c.id), EMPTY);
    if (expected !== digest || count !== to - from)
      found.push(`watcher ${watcher} saw something else than the log holds between ${from} and ${to}`);
    position.set(watcher, to);
  }
  for (const [watcher, at] of position)
    if (at !== newest) found.push(`watcher ${watcher} ended at ${at}, not at ${newest}`);
  return found;
}
