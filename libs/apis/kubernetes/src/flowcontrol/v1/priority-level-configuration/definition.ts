import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, statusSubresource } from '@binnacle/apis-registry';
import { validateConditions } from '../conditions.js';
import type {
  ExemptPriorityLevelConfiguration,
  LimitedPriorityLevelConfiguration,
  PriorityLevelConfiguration,
  QueuingConfiguration,
} from '../index.js';
import { flowControlLifecycle } from '../lifecycle.js';
import { printer } from './printer.js';
import { validatePriorityLevelConfiguration } from './validation.js';

const DEFAULT_SHARES = 30;

function defaultExempt(exempt: ExemptPriorityLevelConfiguration): void {
  exempt.nominalConcurrencyShares ??= 0;
  exempt.lendablePercent ??= 0;
}

function defaultQueuing(queuing: QueuingConfiguration): void {
  queuing.handSize ||= 8;
  queuing.queues ||= 64;
  queuing.queueLengthLimit ||= 50;
}

function defaultLimited(limited: LimitedPriorityLevelConfiguration): void {
  limited.nominalConcurrencyShares ??= DEFAULT_SHARES;
  limited.lendablePercent ??= 0;
  if (limited.limitResponse?.queuing) defaultQueuing(limited.limitResponse.queuing);
}

function applyDefaults({ spec }: PriorityLevelConfiguration): void {
  if (spec?.exempt) defaultExempt(spec.exempt);
  if (spec?.limited) defaultLimited(spec.limited);
}

export const priorityLevelConfigurations = defineResource<PriorityLevelConfiguration>({
  ...addressOf(refs.prioritylevelconfigurations),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration',
  example: { spec: { type: 'Limited', limited: { limitResponse: { type: 'Queue', queuing: {} } } } },
  strategy: {
    ...flowControlLifecycle,
    applyDefaults,
    validate: validatePriorityLevelConfiguration,
    validateStatusUpdate: ({ status }) => validateConditions(status?.conditions),
  },
  printer,
  fields: {},
});
