import type { PodTemplateSpec } from '@binnacle/apis-kubernetes/core/v1';
import type { UnstructuredObject } from '@binnacle/machinery-meta';

interface WithTemplate {
  readonly template?: PodTemplateSpec;
  readonly spec?: {
    readonly template?: PodTemplateSpec;
    readonly jobTemplate?: { readonly spec?: WithTemplate['spec'] };
  };
}

type ReadTemplate = (object: WithTemplate) => PodTemplateSpec | undefined;

const ofSpec: ReadTemplate = ({ spec }) => spec?.template;

const TEMPLATES: Readonly<Record<string, ReadTemplate>> = {
  '/podtemplates': ({ template }) => template,
  '/replicationcontrollers': ofSpec,
  'apps/replicasets': ofSpec,
  'apps/deployments': ofSpec,
  'apps/statefulsets': ofSpec,
  'apps/daemonsets': ofSpec,
  'batch/jobs': ofSpec,
  'batch/cronjobs': ({ spec }) => spec?.jobTemplate?.spec?.template,
};

/** How Pods are read from what makes them, by `<group>/<plural>`; undefined of all other kinds. */
export function templateReader(
  kind: string,
): ((object: UnstructuredObject) => PodTemplateSpec | undefined) | undefined {
  const read = TEMPLATES[kind];
  return read && ((object) => read(object as WithTemplate));
}
