import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, fillStatus, specAndStatus, statusSubresource } from '@binnacle/apis-registry';
import type { Ingress } from '../index.js';
import { ANNOTATION_INGRESS_CLASS } from '../../../well-known/index.js';
import { printer } from './printer.js';
import { validateIngress, validateIngressStatus, validateNewIngress } from './validation.js';

const OLD_CLASS = `annotation "${ANNOTATION_INGRESS_CLASS}" is deprecated, please use 'spec.ingressClassName' instead`;

function warnings({ metadata, spec }: Ingress, old?: Ingress): string[] {
  const annotated = metadata.annotations?.[ANNOTATION_INGRESS_CLASS] !== undefined;
  return !old && annotated && spec?.ingressClassName === undefined ? [OLD_CLASS] : [];
}

export const ingresses = defineResource<Ingress>({
  ...addressOf(refs.ingresses, ['ing']),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.networking.v1.Ingress',
  roles: ['view', 'edit'],
  example: { spec: { defaultBackend: { service: { name: 'x', port: { number: 80 } } } } },
  strategy: {
    applyDefaults: (ingress) => {
      ingress.spec ??= {};
      fillStatus(ingress, { loadBalancer: {} });
    },
    prepareForCreate: specAndStatus.create(() => ({ loadBalancer: {} })),
    prepareForUpdate: specAndStatus.update,
    prepareForStatusUpdate: specAndStatus.updateStatus,
    validate: validateIngress,
    validateCreate: validateNewIngress,
    validateStatusUpdate: validateIngressStatus,
    warnings,
    allowUnconditionalUpdate: true,
  },
  relations: [
    {
      field: 'ingressClass',
      description: 'Who serves it.',
      to: refs.ingressclasses,
      usual: 1,
      find: { by: 'name', of: ({ spec }) => spec?.ingressClassName },
    },
  ],
  printer,
  fields: {},
});
