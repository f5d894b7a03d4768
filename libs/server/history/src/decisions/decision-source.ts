import { newBadRequest, StatusError } from '@binnacle/machinery-meta';
import { inTurns } from '@binnacle/server-flow-control';
import type { ObjectSource, RequestContext } from '@binnacle/server-registry';
import {
  type DecisionQuery,
  type DecisionStore,
  encodeBody,
  futureRevision,
  type Key,
  type ListOptions,
  type ListResult,
  type ListRevision,
  type ResourceSize,
  type Scope,
  type StoredDecision,
  type StoredObject,
  splitResource,
} from '@binnacle/server-storage';
import type { NamespaceBeginnings } from '../past/namespace-beginnings.js';
import type { MayRead } from '../changes/visible-changes.js';
import type { LogState, Moments } from '../past/moments.js';
import { DECISIONS, decisionAttributes, decisionObject, keyOfDecision, readName, recordOf } from './decision-object.js';
import { VictimRights } from './victim-rights.js';

/** Decisions a page holds, also where none are asked for. */
const PAGE = 500;
/** Pages of the log that are read for one of a list while nothing is found in them. */
const LOOKS = 10;
const RECORD_BYTES = 3_000;

const NO_BODY = Buffer.alloc(0);

/** The fields that the log itself looks for. */
const LOOKED_FOR = {
  'spec.podName': 'pod',
  'spec.podUID': 'uid',
  'status.nodeName': 'node',
  'status.result': 'result',
} as const;

function queryOf({ cluster }: LogState, { namespace, namespaces, name, equal = {} }: Scope): DecisionQuery | undefined {
  const named = name === undefined ? undefined : readName(name);
  if (name !== undefined && !named) return undefined;
  const fields = Object.entries(LOOKED_FOR).flatMap(([field, member]) => {
    const value = equal[field];
    return value === undefined ? [] : [[member, value] as const];
  });
  return {
    cluster,
    limit: PAGE,
    ...Object.fromEntries(fields),
    ...(namespace !== undefined && { namespace }),
    // A page goes on after one that may be seen: none that may not is looked at.
    ...(namespaces && { namespaces }),
    ...(named && { id: named.id }),
  };
}

/** Serves what the scheduler decided as objects, the newest first. They are written by the batch, at a path of their own. */
export class DecisionSource implements ObjectSource {
  readonly listSize: ResourceSize = { objects: PAGE, bytes: PAGE * RECORD_BYTES };

  constructor(
    private readonly moments: Moments,
    private readonly store: DecisionStore,
    private readonly mayRead: MayRead,
    private readonly beginnings: Pick<NamespaceBeginnings, 'since'>,
  ) {}

  async get(ctx: RequestContext, key: Key, asked?: ListRevision): Promise<StoredObject | undefined> {
    const at = await this.stateOf(ctx, key.cluster, asked);
    const found = await this.find(ctx, at, key);
    if (!found) return undefined;
    return (await this.visible(ctx, { cluster: key.cluster, resource: key.resource }, [found]))[0];
  }

  async list(ctx: RequestContext, scope: Scope, { revision, limit, after }: ListOptions): Promise<ListResult> {
    const at = await this.stateOf(ctx, scope.cluster, revision);
    const query = queryOf(at, scope);
    const items: StoredObject[] = [];
    const most = Math.min(limit || PAGE, PAGE);
    let before = after && goesOn(after.name);
    for (let looks = 1; query && looks <= LOOKS; looks += 1) {
      const page = await this.store.page(ctx, { ...query, ...upTo(at), limit: most + 1, ...(before && { before }) });
      const told = page.slice(0, most - items.length);
      items.push(...(await this.visible(ctx, scope, await this.ofNow(ctx, at.cluster, told))));
      const last = told.at(-1);
      if (!last || page.length === told.length) break;
      before = last.id;
      if (items.length < most && looks < LOOKS) continue;
      const { namespace, name } = keyOfDecision(scope.cluster, last);
      return { revision: at.revision, items, more: true, next: { namespace, name } };
    }
    return { revision: at.revision, items, more: false };
  }

  async watch(): Promise<never> {
    throw new StatusError(405, 'MethodNotAllowed', 'decisions are listed and not watched');
  }

  peek(): undefined {
    return undefined;
  }

  async write(): Promise<never> {
    throw new StatusError(405, 'MethodNotAllowed', 'decisions are written by the scheduler, by the batch');
  }

  /** What is kept of each node, deflated; undefined where there is no such decision, or nothing is. */
  async detail(ctx: RequestContext, place: { readonly namespace: string; readonly name: string }) {
    const at = await this.stateOf(ctx, ctx.cluster);
    const found = await this.find(ctx, at, place);
    return found?.hasDetail ? this.store.detail(ctx, at.cluster, found.id) : undefined;
  }

  private async stateOf(ctx: RequestContext, name: string, asked?: ListRevision): Promise<LogState> {
    const at = await this.moments.resolve(ctx, name);
    if (!asked || !('revision' in asked)) return at;
    if (asked.revision > at.revision) throw futureRevision(asked.revision, at.revision);
    return asked.at === 'exact' ? { ...at, revision: asked.revision, isPast: true } : at;
  }

  private async find(
    ctx: RequestContext,
    at: LogState,
    { namespace, name }: Pick<Key, 'namespace' | 'name'>,
  ): Promise<StoredDecision | undefined> {
    const named = readName(name);
    if (!named) return undefined;
    const page = await this.store.page(ctx, { cluster: at.cluster, namespace, ...named, ...upTo(at), limit: 1 });
    return (await this.ofNow(ctx, at.cluster, page))[0];
  }

  /** Without those of other namespaces that had a name before, unless who asks may read all there are. */
  private async ofNow(ctx: RequestContext, cluster: string, page: readonly StoredDecision[]) {
    const isOwn = async ({ namespace, revision }: StoredDecision) =>
      revision >= (await this.beginnings.since(ctx, cluster, namespace));
    const own = await Promise.all(page.map(isOwn));
    if (own.every(Boolean)) return page;
    const { group, resource } = splitResource(DECISIONS);
    const may = await this.mayRead(ctx, { verb: 'list', group, resource, namespace: '', name: '' });
    return may ? page : page.filter((_, nth) => own[nth]);
  }

  /** Those that the scope holds, as objects. */
  private async visible(
    ctx: RequestContext,
    { cluster, matches }: Scope,
    page: readonly StoredDecision[],
  ): Promise<readonly StoredObject[]> {
    const heads = page.map((stored) => {
      const record = recordOf(stored);
      const attributes = decisionAttributes(stored, record.scheduler);
      return { stored, record, head: { key: keyOfDecision(cluster, stored), revision: stored.revision, attributes } };
    });
    const seen = heads.filter(({ head }) => matches?.(head.attributes, head.key, { ...head, body: NO_BODY }) ?? true);
    const rights = await VictimRights.of(ctx, this.mayRead, seen);
    return inTurns(seen, ctx.signal, ({ stored, record, head }) => ({
      ...head,
      body: encodeBody(decisionObject(stored, record, rights.mayName)),
    }));
  }
}

/** Of a past state, what was decided of it or of one before. */
const upTo = ({ isPast, revision }: LogState) => (isPast ? { upTo: revision } : {});

function goesOn(name: string): number {
  const named = readName(name);
  if (!named) throw newBadRequest('continue key is not valid: it is of another resource');
  return named.id;
}
