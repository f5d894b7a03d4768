import { type GraphNode, type OwnerGraph, refersTo } from './graph.js';

/** Blocks the foreground deletion of that owner. */
export function blocks(node: GraphNode, owner: string): boolean {
  return node.owners.some(({ uid, blockOwnerDeletion }) => uid === owner && blockOwnerDeletion === true);
}

const began = (is: (node: GraphNode) => boolean, node: GraphNode, old: GraphNode | undefined): boolean =>
  is(node) && !(old && is(old));

function sameOwners(a: GraphNode, b: GraphNode): boolean {
  const text = ({ owners }: GraphNode) =>
    JSON.stringify(owners.map(({ uid, blockOwnerDeletion }) => [uid, blockOwnerDeletion]));
  return text(a) === text(b);
}

/** An owner that is not known, is not what the reference says, or waits for its dependents: worth a look at what it owns. */
function hasDoubtfulOwner(graph: OwnerGraph, node: GraphNode): boolean {
  return node.owners.some((reference) => {
    const owner = graph.get(reference.uid);
    return owner === undefined || owner.foreground || !refersTo(node, reference, owner);
  });
}

/** What claimed the uid of an object before that was heard of, with words that do not fit it. */
function mistakenDependents(graph: OwnerGraph, owner: GraphNode): string[] {
  const fits = (node: GraphNode) =>
    node.owners.every((reference) => reference.uid !== owner.uid || refersTo(node, reference, owner));
  return graph.dependents(owner.uid).flatMap((node) => (fits(node) ? [] : [node.uid]));
}

/** Owners that wait for this object, which changed what it owes them or is gone. */
function waitingOwners(graph: OwnerGraph, node: GraphNode | undefined): string[] {
  return (node?.owners ?? []).map(({ uid }) => uid).filter((uid) => graph.get(uid)?.foreground);
}

/** Whom a new or changed object makes worth a look. `graph` has it already. */
export function wokenByChange(graph: OwnerGraph, node: GraphNode, old: GraphNode | undefined): string[] {
  const woken: string[] = [];
  if (began(({ orphaning }) => orphaning, node, old)) woken.push(node.uid);
  if (began(({ foreground }) => foreground, node, old)) {
    woken.push(node.uid, ...graph.dependents(node.uid).map(({ uid }) => uid));
  }
  if (!old) woken.push(...mistakenDependents(graph, node));
  const ownersChanged = !old || !sameOwners(old, node);
  if (ownersChanged && hasDoubtfulOwner(graph, node)) woken.push(node.uid);
  if (old && ownersChanged) woken.push(...waitingOwners(graph, old));
  return woken;
}

/** Whom the end of an object makes worth a look: what it owned, and owners that waited for it. */
export function wokenByEnd(graph: OwnerGraph, node: GraphNode): string[] {
  return [...graph.dependents(node.uid).map(({ uid }) => uid), ...waitingOwners(graph, node)];
}
