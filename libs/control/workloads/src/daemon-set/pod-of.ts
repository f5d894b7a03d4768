import type { DaemonSet } from '@binnacle/apis-kubernetes/apps/v1';
import {
  daemonTolerations,
  LABEL_TEMPLATE_GENERATION,
  NODE_NAME_FIELD,
  templateGenerationOf,
} from '@binnacle/apis-kubernetes/apps/v1/daemon-set-reading';
import type { Affinity, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { LABEL_CONTROLLER_REVISION_HASH } from '@binnacle/apis-kubernetes/well-known';
import { podFromTemplate } from '../pods/pod-template.js';

/** Chosen by name, in the place of what else was required of the node: that was looked at already. */
function affinityTo(node: string, affinity: Affinity | undefined): Affinity {
  const matchFields = [{ key: NODE_NAME_FIELD, operator: 'In', values: [node] }];
  const required = { nodeSelectorTerms: [{ matchFields }] };
  const nodeAffinity = { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required };
  return { ...affinity, nodeAffinity };
}

/** The Pod of a node, as it is to be made. */
export function daemonPod(set: DaemonSet, node: string, hash: string): Pod {
  const { metadata, spec, ...pod } = podFromTemplate(set, set.spec?.template ?? {});
  const generation = templateGenerationOf(set);
  const labels = {
    ...metadata.labels,
    ...(generation !== undefined && { [LABEL_TEMPLATE_GENERATION]: generation }),
    [LABEL_CONTROLLER_REVISION_HASH]: hash,
  };
  return {
    ...pod,
    metadata: { ...metadata, labels },
    spec: { containers: [], ...spec, affinity: affinityTo(node, spec?.affinity), tolerations: daemonTolerations(spec) },
  };
}
