import type { ControllerRevision, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { PodTemplateSpec } from '@binnacle/apis-kubernetes/core/v1';
import { ANNOTATION_REVISION, LABEL_POD_TEMPLATE_HASH } from '@binnacle/apis-kubernetes/well-known';
import type { UnstructuredObject } from '@binnacle/web-data';
import { as } from '../view/kind-view.js';

const CHANGE_CAUSE = 'kubernetes.io/change-cause';

/** One Pod template a workload has had. */
export interface Revision {
  readonly revision: string;
  readonly createdAt: string;
  readonly images: readonly string[];
  /** Why it was made, where somebody wrote it down. */
  readonly cause: string | undefined;
  /** The workload has it now. */
  readonly isCurrent: boolean;
  /** The Pod template to put back, without what the controller adds. */
  readonly template: PodTemplateSpec;
}

/** What remembers the templates of a workload: of a Deployment its ReplicaSets, of all others ControllerRevisions. */
export const revisionSource = ({ kind }: UnstructuredObject): string =>
  kind === 'Deployment' ? 'replicasets.apps' : 'controllerrevisions.apps';

const numberOf = ({ metadata }: UnstructuredObject): string => metadata.annotations?.[ANNOTATION_REVISION] ?? '';

function replicaSetTemplate(object: UnstructuredObject): PodTemplateSpec {
  const template = structuredClone(as<ReplicaSet>(object).spec?.template ?? {});
  delete template.metadata?.labels?.[LABEL_POD_TEMPLATE_HASH];
  return template;
}

/** The revision remembers the patch that brings the template back. */
function rememberedTemplate(object: UnstructuredObject): PodTemplateSpec {
  const { data } = as<ControllerRevision>(object);
  const { spec } = (data ?? {}) as { spec?: { template?: PodTemplateSpec & { $patch?: string } } };
  const { $patch: _, ...template } = spec?.template ?? {};
  return template;
}

interface Read {
  readonly revision: string;
  readonly template: PodTemplateSpec;
}

function read(object: UnstructuredObject): Read {
  if (object.kind === 'ReplicaSet') return { revision: numberOf(object), template: replicaSetTemplate(object) };
  return { revision: String(as<ControllerRevision>(object).revision), template: rememberedTemplate(object) };
}

/** Of ReplicaSets the owner says which it has; of ControllerRevisions it is the newest. */
function currentOf(owner: UnstructuredObject, revisions: readonly string[]): string {
  return owner.kind === 'Deployment' ? numberOf(owner) : (revisions[0] ?? '');
}

/** The templates a workload has had and its controller still knows, the latest first. */
export function revisionsOf(owner: UnstructuredObject, items: readonly UnstructuredObject[]): Revision[] {
  const own = items.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid));
  const found = own
    .map((object) => ({ object, ...read(object) }))
    .filter(({ revision }) => revision !== '')
    .sort((a, b) => Number(b.revision) - Number(a.revision));
  const current = currentOf(
    owner,
    found.map(({ revision }) => revision),
  );
  return found.map(({ object, revision, template }) => ({
    revision,
    template,
    createdAt: object.metadata.creationTimestamp ?? '',
    images: (template.spec?.containers ?? []).map((container) => container.image ?? ''),
    cause: object.metadata.annotations?.[CHANGE_CAUSE],
    isCurrent: revision === current,
  }));
}
