import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, countGeneration, startGeneration, validatePlainMeta } from '@binnacle/apis-registry';
import type { MutatingWebhookConfiguration } from '../index.js';
import { staticNameWarnings } from '../static-names.js';
import { applyWebhookDefaults, validateWebhooks } from '../webhooks.js';
import { webhooksPrinter } from '../webhooks-printer.js';

export const mutatingWebhookConfigurations = defineResource<MutatingWebhookConfiguration>({
  ...addressOf(refs.mutatingwebhookconfigurations, [], ['api-extensions']),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration',
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
        webhook.reinvocationPolicy ??= 'Never';
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
