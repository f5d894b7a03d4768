import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import { compareValues } from '@binnacle/web-ui';
import { as, type ObjectStatus } from '../view/kind-view.js';
import { isReady } from '../nodes/node-status.js';
import { isOver } from '../pods/pod-status.js';
import { type OwnerRef, ownerOf } from './owner-of.js';

/** An object that somebody should look at. */
export interface Trouble {
  readonly id: string;
  readonly object: UnstructuredObject;
  readonly status: ObjectStatus;
}

/** One cause, and all that it has done. */
export interface TroubleGroup {
  readonly key: string;
  readonly subject: OwnerRef;
  readonly status: ObjectStatus;
  /** What stands behind the line, the subject itself left out. */
  readonly members: readonly Trouble[];
  readonly pods: number;
  readonly owners: readonly OwnerRef[];
  readonly namespaces: number;
}

interface Draft {
  readonly key: string;
  readonly subject: OwnerRef;
  status: ObjectStatus;
  readonly members: Trouble[];
}

const RANK: Readonly<Record<string, number>> = { error: 0, warn: 1 };
const PODS = 'pods';
const NODES = 'nodes';

const keyOf = ({ kind, namespace, name }: OwnerRef): string => `${kind}/${namespace}/${name}`;
const worse = (a: ObjectStatus, b: ObjectStatus): ObjectStatus => ((RANK[b.tone] ?? 2) < (RANK[a.tone] ?? 2) ? b : a);

/** Pods that merely run are no word for what is wrong with their workload. */
function withWord(pods: ObjectStatus, workload: ObjectStatus): ObjectStatus {
  return { ...pods, tone: workload.tone, label: pods.label.startsWith('Running') ? workload.label : pods.label };
}

function refOf({ apiVersion, kind, metadata }: UnstructuredObject): OwnerRef {
  return { apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
}

/** Gathers troubles under what causes them. */
class Gathering {
  readonly drafts = new Map<string, Draft>();
  private readonly down = new Set<string>();

  addNode(trouble: Trouble): void {
    const draft = this.draft(keyOf(refOf(trouble.object)), refOf(trouble.object), trouble.status);
    if (!isReady(as<Node>(trouble.object))) this.down.add(draft.subject.name);
  }

  /**
   * A Pod on a dead node is unwell because of the node; one that was over before, and any other, belongs to whoever made it, a
   * line for each cause.
   */
  addPod(trouble: Trouble): void {
    const nodeName = as<Pod>(trouble.object).spec?.nodeName ?? '';
    const owner = ownerOf(trouble.object);
    const draft =
      this.down.has(nodeName) && !isOver(as<Pod>(trouble.object))
        ? this.drafts.get(keyOf({ apiVersion: 'v1', kind: 'Node', namespace: '', name: nodeName }))
        : this.draft(`${keyOf(owner)} ${trouble.status.label}`, owner, trouble.status);
    if (!draft || keyOf(draft.subject) === keyOf(refOf(trouble.object))) return;
    draft.members.push(trouble);
    draft.status = worse(draft.status, trouble.status);
  }

  /**
   * A workload stands with its Pods, whose word says more than its own. Where all that is wrong is that some Pods were on a dead
   * node, it is a part of that; where nothing of it is left, it has a line of its own.
   */
  addWorkload(trouble: Trouble): void {
    const ref = refOf(trouble.object);
    const [own] = [...this.drafts.values()].filter(({ subject }) => keyOf(subject) === keyOf(ref)).sort(byWorst);
    if (own) {
      own.status = worse(own.status, withWord(own.status, trouble.status));
      return;
    }
    const node = trouble.status.tone === 'warn' ? this.nodeBehind(ref) : undefined;
    if (node) node.members.push(trouble);
    else this.draft(keyOf(ref), ref, trouble.status);
  }

  /** Of several dead Nodes the first by name, whichever was heard of first. */
  private nodeBehind(ref: OwnerRef): Draft | undefined {
    const behind = [...this.drafts.values()].filter(
      ({ subject, members }) =>
        subject.kind === 'Node' && members.some(({ object }) => keyOf(ownerOf(object)) === keyOf(ref)),
    );
    return behind.sort((a, b) => compareValues(a.subject.name, b.subject.name))[0];
  }

  private draft(key: string, subject: OwnerRef, status: ObjectStatus): Draft {
    const draft = this.drafts.get(key) ?? { key, subject, status, members: [] };
    this.drafts.set(key, draft);
    return draft;
  }
}

function byWorst(a: Draft, b: Draft): number {
  return (
    (RANK[a.status.tone] ?? 2) - (RANK[b.status.tone] ?? 2) ||
    Number(b.subject.kind === 'Node') - Number(a.subject.kind === 'Node') ||
    b.members.length - a.members.length ||
    compareValues(keyOf(a.subject), keyOf(b.subject)) ||
    compareValues(a.key, b.key)
  );
}

function finish({ key, subject, status, members }: Draft): TroubleGroup {
  const pods = members.filter(({ id }) => id === PODS);
  const owners = new Map(pods.map(({ object }) => [keyOf(ownerOf(object)), ownerOf(object)]));
  const namespaces = new Set(members.map(({ object }) => object.metadata.namespace));
  return {
    key,
    subject,
    status,
    members,
    pods: pods.length,
    owners: [...owners.values()],
    namespaces: namespaces.size,
  };
}

/** What is failing or warning, a line for each cause, the worst first. */
export function attention(troubles: readonly Trouble[]): TroubleGroup[] {
  const gathering = new Gathering();
  const of = (wanted: (id: string) => boolean) => troubles.filter(({ id }) => wanted(id));
  for (const trouble of of((id) => id === NODES)) gathering.addNode(trouble);
  for (const trouble of of((id) => id === PODS)) gathering.addPod(trouble);
  for (const trouble of of((id) => id !== NODES && id !== PODS)) gathering.addWorkload(trouble);
  return [...gathering.drafts.values()].sort(byWorst).map(finish);
}
