import type { RelationDefinition } from '@binnacle/apis-registry';
import type { KubeObject } from '@binnacle/machinery-meta';
import { refs } from '../../refs/index.js';
import { workloadUsageName } from './index.js';

const usage = { field: 'usage', description: 'What it has used within the last 15 minutes.', usual: 1 };
const nameOf = ({ metadata }: KubeObject) => metadata.name;

export const ofPod: RelationDefinition<KubeObject> = {
  ...usage,
  to: refs.podusages,
  find: { by: 'name', of: nameOf },
};

export const ofNode: RelationDefinition<KubeObject> = {
  ...usage,
  to: refs.nodeusages,
  find: { by: 'name', of: nameOf },
};

/** What the Pods of a workload use together; `kind` is the workload's. */
export const ofWorkload = (kind: string): RelationDefinition<KubeObject> => ({
  ...usage,
  to: refs.workloadusages,
  find: { by: 'name', of: ({ metadata }) => metadata.name && workloadUsageName(kind, metadata.name) },
});
