import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { LABEL_TOPOLOGY_REGION, LABEL_TOPOLOGY_ZONE } from '@binnacle/apis-kubernetes/well-known';
import { type Soon, soon } from '@binnacle/machinery-context';
import type { AdmissionAttributes, RequestContext } from '@binnacle/server-registry';
import type { StorageReader, StoredObject } from '@binnacle/server-storage';
import type { AdmissionPlugin } from './admission-chain.js';
import { findKnown } from './known-objects.js';

const COPIED = [LABEL_TOPOLOGY_ZONE, LABEL_TOPOLOGY_REGION];

/** The Pod as it comes to its Node: bound to it, or made there. */
function placed({ operation, definition, subresource, object }: AdmissionAttributes): Pod | undefined {
  if (definition.group !== '' || definition.names.plural !== 'pods') return undefined;
  const comes = subresource === 'binding' || (operation === 'CREATE' && subresource === '');
  const pod = object as unknown as Pod | undefined;
  return comes && pod?.spec?.nodeName ? pod : undefined;
}

/** Tells a Pod, by its labels, where its Node is. Behaves as kubernetes plugin/pkg/admission/podtopologylabels. */
export class PodTopologyLabels implements AdmissionPlugin {
  readonly name = 'PodTopologyLabels';

  constructor(private readonly storage: StorageReader) {}

  admit(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const pod = placed(attributes);
    if (!pod) return;
    const key = { cluster: ctx.cluster, resource: 'nodes', namespace: '', name: pod.spec?.nodeName ?? '' };
    return soon(findKnown(this.storage, ctx, key), (node) => copyLabels(pod, node));
  }
}

/** A Node that is not there yet says nothing. */
function copyLabels({ metadata }: Pod, node: StoredObject | undefined): void {
  const labels = node?.attributes.labels ?? {};
  const copied = COPIED.filter((key) => labels[key] !== undefined).map((key) => [key, labels[key]]);
  if (copied.length > 0) metadata.labels = { ...metadata.labels, ...Object.fromEntries(copied) };
}
