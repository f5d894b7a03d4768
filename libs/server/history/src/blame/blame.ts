import type { Blame, BlamedChange, BlamedField } from '@binnacle/apis-kubernetes/history/v1';
import type { Context } from '@binnacle/machinery-context';
import {
  isStorageError,
  type Change,
  type HistoryStore,
  type Revision,
  type StoredObject,
} from '@binnacle/server-storage';
import { VERBS } from '../changes/change-object.js';
import { fieldValues } from './field-values.js';

/** Changes of the object that are looked at, the newest first. */
const MOST_CHANGES = 200;
/** Fields that are told, and characters of the path of one. */
const MOST_FIELDS = 5_000;
const LONGEST_PATH = 200;

interface Entry {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly time?: string;
}

interface Body {
  readonly metadata: { readonly managedFields?: readonly Entry[] };
}

const parse = ({ body }: StoredObject): Body => JSON.parse(body.toString()) as Body;

const turnOf = ({ manager, operation, subresource, time }: Entry) =>
  JSON.stringify([manager, operation, subresource, time]);

/** By whom a change was made: who has lost a field to it is changed as well, but keeps the time. */
function managerOf(after: Body, before: Body | undefined): string | undefined {
  const old = before?.metadata.managedFields ?? [];
  const known = new Set(old.map((entry) => JSON.stringify(entry)));
  const turns = new Set(old.map(turnOf));
  const changed = (after.metadata.managedFields ?? []).filter((entry) => !known.has(JSON.stringify(entry)));
  // Twice in one second: the latest are the last.
  return (changed.find((entry) => !turns.has(turnOf(entry))) ?? changed.at(-1))?.manager;
}

function blamed({ type, object, actor, time }: Change, manager: string | undefined): BlamedChange {
  return {
    revision: object.revision,
    time: new Date(time).toISOString(),
    verb: VERBS[type] as BlamedChange['verb'],
    user: actor.user,
    ...(actor.groups && { groups: [...actor.groups] }),
    userAgent: actor.client,
    ...(actor.requestId && { requestID: actor.requestId }),
    ...(manager !== undefined && { manager }),
  };
}

/** The fields of one state, each of which looks for who set it. */
class Tracing {
  readonly changes: BlamedChange[] = [];
  private readonly setBy = new Map<string, Revision>();
  private readonly open: Map<string, string>;
  private readonly paths: readonly string[];

  constructor(state: Body) {
    this.open = new Map(fieldValues(state));
    this.paths = [...this.open.keys()];
  }

  get isDone(): boolean {
    return this.open.size === 0;
  }

  /** What the change set is what was otherwise before. */
  take(change: Change): void {
    const after = parse(change.object);
    const before = change.previous && parse(change.previous);
    const values = before && fieldValues(before);
    const found = [...this.open].filter(([path, value]) => values?.get(path) !== value).map(([path]) => path);
    if (found.length === 0) return;
    for (const path of found) {
      this.open.delete(path);
      this.setBy.set(path, change.object.revision);
    }
    this.changes.push(blamed(change, managerOf(after, before)));
  }

  result(): Pick<Blame, 'changes' | 'fields' | 'moreFields' | 'complete'> {
    const fields = this.paths.slice(0, MOST_FIELDS).map((path): BlamedField => {
      const revision = this.setBy.get(path);
      return { path: path.slice(0, LONGEST_PATH), ...(revision !== undefined && { revision }) };
    });
    const more = this.paths.length - fields.length;
    return { changes: this.changes, fields, ...(more > 0 && { moreFields: more }), complete: this.isDone };
  }
}

async function changeAt(ctx: Context, log: Pick<HistoryStore, 'changes'>, cluster: string, revision: Revision) {
  const range = { cluster, after: revision - 1, upTo: revision, order: 'newestFirst', limit: 1 } as const;
  try {
    const [change] = (await log.changes(ctx, range)).changes;
    return change?.object.revision === revision ? change : undefined;
  } catch (error) {
    if (isStorageError(error, 'expired') || isStorageError(error, 'future')) return undefined;
    throw error;
  }
}

/**
 * Who set each field that an object had from a revision on: its changes are looked at from there back, each found by what the next
 * one replaced, until every field has been set or history ends. Undefined where there is no such change. Values are not told.
 */
export async function blameOf(
  ctx: Context,
  log: Pick<HistoryStore, 'changes'>,
  cluster: string,
  revision: Revision,
): Promise<Pick<Blame, 'changes' | 'fields' | 'moreFields' | 'complete'> | undefined> {
  let change = await changeAt(ctx, log, cluster, revision);
  if (!change) return undefined;
  const tracing = new Tracing(parse(change.object));
  for (let looked = 1; change; looked += 1) {
    // An object that was deleted is as it was before.
    if (change.type !== 'DELETED') tracing.take(change);
    const before: Revision | undefined = change.previous?.revision;
    if (tracing.isDone || before === undefined || looked === MOST_CHANGES) break;
    change = await changeAt(ctx, log, cluster, before);
  }
  return tracing.result();
}
