import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, countGeneration, startGeneration, validatePlainMeta } from '@binnacle/apis-registry';
import type { ValidatingWebhookConfiguration } from '../index.js';
import { staticNameWarnings } from '../static-names.js';
import { applyWebhookDefaults, validateWebhooks } from '../webhooks.js';
import { webhooksPrinter } from '../webhooks-printer.js';

export const validatingWebhookConfigurations = defineResource<ValidatingWebhookConfiguration>({
  ...addressOf(refs.validatingwebhookconfigurations, [], ['api-extensions']),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration',
  example: {
    webhooks: [
      {
        name: 'check.example.com',
        admissionReviewVersions: ['v1'],
        clientConfig: { url: 'https://hooks.example.com/check' },
        sideEffects: 'None',
      },
    ],
  },
  strategy: {
    applyDefaults: ({ webhooks = [] }) => {
      for (const webhook of webhooks) {
        applyWebhookDefaults(webhook);
      }
    },
    prepareForCreate: startGeneration,
    prepareForUpdate: (next, old) => countGeneration(next, old, 'webhooks'),
    validate: (configuration) => [
      ...validatePlainMeta(configuration, false),
      ...validateWebhooks(configuration.webhooks),
    ],
    warnings: staticNameWarnings,
  },
  printer: webhooksPrinter,
  fields: {},
});
