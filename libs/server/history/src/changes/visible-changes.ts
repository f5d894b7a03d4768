import type { Soon } from '@binnacle/machinery-context';
import { inTurns } from '@binnacle/server-flow-control';
import type { RequestContext } from '@binnacle/server-registry';
import {
  type Change,
  encodeBody,
  type Revision,
  type Scope,
  spaceOf,
  splitResource,
  type StoredObject,
} from '@binnacle/server-storage';
import type { LogState } from '../past/moments.js';
import { type ChangeHead, changeHead, changeObject } from './change-object.js';
import { selectableFields } from './change-query.js';

/** What somebody wants to read: an object, or with an empty name all of a namespace. */
export interface ReadTarget {
  readonly verb: 'get' | 'list';
  readonly group: string;
  /** Plural name. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Whether who asks may read something now. */
export type MayRead = (ctx: RequestContext, target: ReadTarget) => Soon<boolean>;

/** Since which revision a namespace is the one that has its name now. */
export type SinceWhen = (namespace: string) => Promise<Revision>;

/** Who may see which changes of one page: those of objects they may read. Each right is asked for once. */
class PageRights {
  private readonly known = new Map<string, Promise<boolean>>();

  constructor(
    private readonly ctx: RequestContext,
    private readonly mayRead: MayRead,
    private readonly since: SinceWhen,
  ) {}

  async maySee({ object: { key, revision } }: Change): Promise<boolean> {
    const { name } = key;
    // Who may get a Namespace mostly may so in itself.
    const space = spaceOf(key);
    // Rights in a namespace are none in another that had its name before.
    const isOwn = space === '' || revision >= (await this.since(space));
    const of = { ...splitResource(key.resource), namespace: isOwn ? space : '' };
    return (await this.ask({ verb: 'list', ...of, name: '' })) || this.ask({ verb: 'get', ...of, name });
  }

  private ask(target: ReadTarget): Promise<boolean> {
    const key = JSON.stringify(target);
    let answer = this.known.get(key);
    if (!answer) this.known.set(key, (answer = Promise.resolve(this.mayRead(this.ctx, target))));
    return answer;
  }
}

const NO_BODY = Buffer.alloc(0);

/** Whether a scope holds a change, which is told without its body. */
function holds(scope: Scope, { key, revision, attributes }: ChangeHead): boolean {
  const { namespace, namespaces, name, matches } = scope;
  if (namespaces && !namespaces.has(key.namespace)) return false;
  if (namespace !== undefined && key.namespace !== namespace) return false;
  if (name !== undefined && key.name !== name) return false;
  return matches?.(attributes, key, { key, revision, attributes, body: NO_BODY }) ?? true;
}

/** The changes that a scope holds and its reader may see, as objects: rights are asked for, and bodies made, of no others. */
export async function visibleChanges(
  ctx: RequestContext,
  { incarnation }: Pick<LogState, 'incarnation'>,
  scope: Scope,
  {
    changes,
    mayRead,
    since,
  }: { readonly changes: readonly Change[]; readonly mayRead: MayRead; readonly since: SinceWhen },
): Promise<readonly StoredObject[]> {
  const rights = new PageRights(ctx, mayRead, since);
  const seen: { readonly change: Change; readonly head: ChangeHead }[] = [];
  for (const change of changes) {
    const head = changeHead(change, selectableFields(change, scope.equal ?? {}));
    if (holds(scope, head) && (await rights.maySee(change))) seen.push({ change, head });
  }
  return inTurns(seen, ctx.signal, ({ change, head }) => ({
    ...head,
    body: encodeBody(changeObject(change, incarnation)),
  }));
}
