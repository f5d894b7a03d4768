import { claimSpecWarnings } from '../../../core/v1/persistent-volume-claim/spec-rules.js';
import { templateWarnings } from '../../../core/v1/pod/warnings.js';
import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { fieldPath } from '@binnacle/machinery-validation';
import {
  specAndStatus,
  addressOf,
  allVerbs,
  fillStatus,
  replicaScale,
  scaleSubresource,
  statusSubresource,
} from '@binnacle/apis-registry';
import type { StatefulSet, StatefulSetSpec } from '../index.js';
import { applyStatefulSetDefaults } from './defaults.js';
import { printer } from './printer.js';
import { validateNewStatefulSet, validateStatefulSetStatusUpdate, validateStatefulSetUpdate } from './validation.js';
import { ofWorkload } from '../../../usage/v1/relations.js';

/** Behind the gate MaxUnavailableStatefulSet, which is off: who has it keeps it. */
function dropMaxUnavailable(next: StatefulSetSpec | undefined, old?: StatefulSetSpec): void {
  if (old?.updateStrategy?.rollingUpdate?.maxUnavailable === undefined)
    delete next?.updateStrategy?.rollingUpdate?.maxUnavailable;
}

const EMPTY_STATUS = { replicas: 0, availableReplicas: 0 };
const create = specAndStatus.create(() => ({ ...EMPTY_STATUS }));

function prepareForCreate(set: StatefulSet): void {
  create(set);
  dropMaxUnavailable(set.spec);
}

function prepareForUpdate(next: StatefulSet, old: StatefulSet): void {
  dropMaxUnavailable(next.spec, old.spec);
  specAndStatus.update(next, old);
}

const CLAIMS = fieldPath('spec', 'volumeClaimTemplates');
const LIMIT =
  'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended';

function warnings(next: StatefulSet, old?: StatefulSet): string[] {
  const { volumeClaimTemplates = [], revisionHistoryLimit = 0 } = next.spec ?? {};
  // The path of an update is said in Go's name of the field.
  const pathOf = (index: number) => (old ? CLAIMS.index(index).child('Spec') : CLAIMS.index(index));
  return [
    ...templateWarnings(next, old),
    ...volumeClaimTemplates.flatMap(({ spec }, index) => claimSpecWarnings(spec, pathOf(index))),
    ...(revisionHistoryLimit < 0 ? [LIMIT] : []),
  ];
}

export const statefulSets = defineResource<StatefulSet>({
  ...addressOf(refs.statefulsets, ['sts'], ['all']),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource, scaleSubresource],
  schema: 'io.k8s.api.apps.v1.StatefulSet',
  roles: ['view', 'edit'],
  example: {
    spec: {
      serviceName: 'x',
      selector: { matchLabels: { app: 'x' } },
      template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  },
  strategy: {
    applyDefaults: (set) => {
      applyStatefulSetDefaults(set);
      fillStatus(set, EMPTY_STATUS);
    },
    prepareForCreate,
    prepareForUpdate,
    prepareForStatusUpdate: specAndStatus.updateStatus,
    validateCreate: validateNewStatefulSet,
    validateUpdate: validateStatefulSetUpdate,
    validateStatusUpdate: validateStatefulSetStatusUpdate,
    warnings,
    allowUnconditionalUpdate: true,
  },
  relations: [
    ofWorkload('StatefulSet'),

    { field: 'pods', description: 'The Pods it controls.', to: refs.pods, usual: 5, find: { by: 'controller' } },
    {
      field: 'service',
      description: 'The Service that names its Pods.',
      to: refs.services,
      usual: 1,
      find: { by: 'name', of: ({ spec }) => spec?.serviceName },
    },
  ],
  printer,
  fields: {},
  scale: replicaScale(({ spec }) => spec?.selector),
});
