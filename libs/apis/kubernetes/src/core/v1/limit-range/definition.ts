import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { canonicalise, addressOf, allVerbs } from '@binnacle/apis-registry';
import type { LimitRange, LimitRangeItem } from '../index.js';
import { printer } from './printer.js';
import { validateLimitRange } from './validation.js';

function applyItemDefaults(item: LimitRangeItem): void {
  canonicalise(item.min, item.max, item.default, item.defaultRequest, item.maxLimitRequestRatio);
  if (item.type !== 'Container') return;
  item.default = { ...item.max, ...item.default };
  item.defaultRequest = { ...item.min, ...item.default, ...item.defaultRequest };
}

export const limitRanges = defineResource<LimitRange>({
  ...addressOf(refs.limitranges, ['limits']),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.core.v1.LimitRange',
  roles: ['view'],
  example: { spec: { limits: [{ type: 'Container', max: { cpu: 1 } }] } },
  strategy: {
    applyDefaults: ({ spec }) => spec?.limits?.forEach(applyItemDefaults),
    validate: validateLimitRange,
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
