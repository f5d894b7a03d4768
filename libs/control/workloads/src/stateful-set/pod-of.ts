import type { ControllerRevision, StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { LABEL_CONTROLLER_REVISION_HASH } from '@binnacle/apis-kubernetes/well-known';
import { templateOf } from '../history/template-data.js';
import { podFromTemplate } from '../pods/pod-template.js';
import { withClaims } from './claims.js';
import { identityLabels, podName, startOf } from './identity.js';

/** The revision that most Pods have, and the one they are to have. */
export interface Revisions {
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
}

export const podRevision = (pod: Pod): string => pod.metadata.labels?.[LABEL_CONTROLLER_REVISION_HASH] ?? '';

/** Members below the partition stay at the current revision, also when they are made anew. */
function isHeldBack(set: StatefulSet, ordinal: number): boolean {
  const { type, rollingUpdate } = set.spec?.updateStrategy ?? {};
  if (rollingUpdate) return ordinal < startOf(set) + (rollingUpdate.partition ?? 0);
  return type === 'RollingUpdate' && ordinal < startOf(set) + (set.status?.currentReplicas ?? 0);
}

/** The Pod of an ordinal, as it is to be made. Behaves as kubernetes newVersionedStatefulSetPod. */
export function podOf(set: StatefulSet, { current, update }: Revisions, ordinal: number): Pod {
  const revision = isHeldBack(set, ordinal) ? current : update;
  const { metadata, spec, ...pod } = podFromTemplate(set, templateOf(revision));
  const name = podName(set, ordinal);
  const labels = {
    ...metadata.labels,
    ...identityLabels(set, ordinal),
    [LABEL_CONTROLLER_REVISION_HASH]: revision.metadata.name ?? '',
  };
  const volumes = withClaims(set, spec?.volumes, ordinal);
  return {
    ...pod,
    metadata: { ...metadata, name, labels },
    spec: {
      containers: [],
      ...spec,
      hostname: name,
      ...(set.spec?.serviceName && { subdomain: set.spec.serviceName }),
      ...(volumes.length > 0 && { volumes }),
    },
  };
}
