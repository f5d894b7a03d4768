import type { EventRecorder, EventSubject } from '@binnacle/client-controller';
import { formatApiVersion, type OwnerReference } from '@binnacle/machinery-meta';
import { type GraphNode, isInReach, type OwnerGraph, strayReferences } from './graph.js';

function subjectOf({ resource, name, namespace, uid }: GraphNode): EventSubject {
  return {
    apiVersion: formatApiVersion(resource),
    kind: resource.kind,
    metadata: { name, uid, ...(namespace && { namespace }) },
  };
}

function report(recorder: EventRecorder, node: GraphNode, { apiVersion, kind, name, uid }: OwnerReference): void {
  const { namespace = '' } = node;
  const owner = `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`;
  const message = `ownerRef ${owner} does not exist in namespace ${JSON.stringify(namespace)}`;
  recorder.event(subjectOf(node), 'Warning', 'OwnerRefInvalidNamespace', message);
}

const uids = (node: GraphNode | undefined): string => JSON.stringify((node?.owners ?? []).map(({ uid }) => uid));

/** Says on objects that name an owner in another namespace that it will not do, whichever of the two was heard of first. */
export function reportStrays(
  recorder: EventRecorder,
  graph: OwnerGraph,
  node: GraphNode,
  old: GraphNode | undefined,
): void {
  if (uids(old) !== uids(node)) for (const reference of strayReferences(graph, node)) report(recorder, node, reference);
  if (old) return;
  for (const dependent of graph.dependents(node.uid)) {
    if (isInReach(node, dependent)) continue;
    const reference = dependent.owners.find(({ uid }) => uid === node.uid);
    if (reference) report(recorder, dependent, reference);
  }
}
