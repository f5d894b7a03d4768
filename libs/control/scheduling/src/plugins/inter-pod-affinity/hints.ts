import type { ClusterView } from '../../cache/cluster-cache.js';
import type { EventOf } from '../../framework/cluster-event.js';
import { type AffinityTerm, termMatches } from '../../pod/affinity-terms.js';
import type { PodInfo } from '../../pod/pod-info.js';

type NamespaceLabels = ClusterView['namespaceLabels'];

/** A Pod is near enough only where another meets all of its terms. */
function meetsAll(terms: readonly AffinityTerm[], pod: PodInfo | undefined, labels: NamespaceLabels): boolean {
  return pod !== undefined && terms.length > 0 && terms.every((term) => termMatches(term, pod, labels));
}

function meetsAny(terms: readonly AffinityTerm[], pod: PodInfo | undefined, labels: NamespaceLabels): boolean {
  return pod !== undefined && terms.some((term) => termMatches(term, pod, labels));
}

/** Another Pod is what this one wants to be near to, or is in its way no more. */
export function helpsByPod(pod: PodInfo, { old, current }: EventOf<'Pod'>, labels: NamespaceLabels): boolean {
  const { requiredAffinity, requiredAntiAffinity } = pod.terms;
  if (old && current?.uid === pod.uid) return true;
  if (!meetsAll(requiredAffinity, old, labels) && meetsAll(requiredAffinity, current, labels)) return true;
  if (meetsAny(requiredAntiAffinity, old, labels) && !meetsAny(requiredAntiAffinity, current, labels)) return true;
  return !current && meetsAny(old?.terms.requiredAntiAffinity ?? [], pod, labels);
}

/** A domain has come into being, or two have parted. */
export function helpsByNode({ terms }: PodInfo, { old, current }: EventOf<'Node'>): boolean {
  const before = old?.metadata.labels ?? {};
  const after = current?.metadata.labels ?? {};
  const near = terms.requiredAffinity.some(
    ({ topologyKey: key }) => after[key] !== undefined && before[key] !== after[key],
  );
  return near || terms.requiredAntiAffinity.some(({ topologyKey: key }) => !old || before[key] !== after[key]);
}
