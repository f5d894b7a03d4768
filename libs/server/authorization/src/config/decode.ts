import { type ConfigurationKind, readConfiguration } from '@binnacle/machinery-yaml';
import type { AuthorizationConfiguration } from './authorization-configuration.js';

const WEBHOOK = {
  authorizedTTL: 'string',
  cacheAuthorizedRequests: 'boolean',
  unauthorizedTTL: 'string',
  cacheUnauthorizedRequests: 'boolean',
  timeout: 'string',
  subjectAccessReviewVersion: 'string',
  matchConditionSubjectAccessReviewVersion: 'string',
  failurePolicy: 'string',
  connectionInfo: { type: 'string', kubeConfigFile: 'string' },
  matchConditions: [{ expression: 'string' }],
} as const;

const KIND: ConfigurationKind = {
  kind: 'AuthorizationConfiguration',
  versions: ['v1', 'v1beta1', 'v1alpha1'].map((version) => `apiserver.config.k8s.io/${version}`),
  fields: { authorizers: [{ type: 'string', name: 'string', webhook: WEBHOOK }] },
};

/** Reads a configuration in YAML or JSON, strictly. @throws ConfigurationError */
export function decodeAuthorization(text: string): AuthorizationConfiguration {
  return readConfiguration(text, KIND) as AuthorizationConfiguration;
}
