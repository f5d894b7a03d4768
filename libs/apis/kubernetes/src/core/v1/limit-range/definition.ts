import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { canonicalise } from '../../../registry/quantities.js';
import { addressOf, allVerbs } from '../../../registry/served.js';
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
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.core.v1.LimitRange',
  strategy: {
    applyDefaults: ({ spec }) => spec?.limits?.forEach(applyItemDefaults),
    validate: validateLimitRange,
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});
