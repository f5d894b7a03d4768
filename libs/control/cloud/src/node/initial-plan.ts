import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { TAINT_EXTERNAL_CLOUD_PROVIDER } from '@binnacle/apis-kubernetes/well-known';
import type { InstanceMetadata } from '../provider/cloud-provider.js';
import { addressesOf } from './node-addresses.js';
import { labelsOf } from './node-labels.js';

/** Whether a node still waits for its cloud. */
export const isUninitialized = ({ spec }: Node): boolean =>
  spec?.taints?.some(({ key }) => key === TAINT_EXTERNAL_CLOUD_PROVIDER) ?? false;

/**
 * What makes a node that waited one of its cloud's, as a merge patch of it as it is. Throws where the cloud does not say enough: the
 * node waits on. Models k8s.io/cloud-provider controllers/node syncNode.
 */
export function planInitial(node: Node, instance: InstanceMetadata): object {
  const { name, resourceVersion } = node.metadata;
  const providerID = node.spec?.providerID || instance.providerID;
  if (!providerID) throw new Error(`cloud provider does not set node provider ID for node ${name}`);
  // Whoever was told an address waits until the cloud has it.
  addressesOf(node, instance.nodeAddresses ?? []);
  const taints = (node.spec?.taints ?? []).filter(({ key }) => key !== TAINT_EXTERNAL_CLOUD_PROVIDER);
  return { metadata: { resourceVersion, labels: labelsOf(node, instance) }, spec: { providerID, taints } };
}
