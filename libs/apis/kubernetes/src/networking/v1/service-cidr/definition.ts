import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import {
  addressOf,
  ageColumn,
  ageOf,
  allVerbs,
  column,
  fillStatus,
  keep,
  nameColumn,
  nameOf,
  statusSubresource,
  type TablePrinter,
} from '@binnacle/apis-registry';
import type { ServiceCIDR } from '../index.js';
import { validateNewServiceCidr, validateServiceCidrUpdate } from './validation.js';

const printer: TablePrinter<ServiceCIDR> = {
  columns: [nameColumn, column('CIDRs', 'The networks that Services get addresses of.'), ageColumn],
  row: (range, now) => [nameOf(range), (range.spec?.cidrs ?? []).join(','), ageOf(range, now)],
};

export const serviceCidrs = defineResource<ServiceCIDR>({
  ...addressOf(refs.servicecidrs),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.networking.v1.ServiceCIDR',
  roles: ['view'],
  example: { spec: { cidrs: ['10.240.0.0/16'] } },
  strategy: {
    applyDefaults: (range) => {
      range.spec ??= {};
      fillStatus(range, {});
    },
    prepareForCreate: (range) => {
      range.status = {};
    },
    prepareForUpdate: (next, old) => keep(next, old, 'status'),
    prepareForStatusUpdate: (next, old) => {
      keep(next, old, 'spec');
      keep(next.metadata, old.metadata, 'labels', 'annotations', 'finalizers', 'ownerReferences');
    },
    resetFields: { status: [['spec'], ['metadata']] },
    validateCreate: validateNewServiceCidr,
    validateUpdate: validateServiceCidrUpdate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
