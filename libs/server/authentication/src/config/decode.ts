import { type ConfigurationKind, readConfiguration } from '@binnacle/machinery-yaml';
import type { AuthenticationConfiguration } from './authentication-configuration.js';

const CLAIM_OR_EXPRESSION = { claim: 'string', prefix: 'string', expression: 'string' } as const;

const FIELDS: ConfigurationKind['fields'] = {
  jwt: [
    {
      issuer: {
        url: 'string',
        discoveryURL: 'string',
        certificateAuthority: 'string',
        audiences: ['string'],
        audienceMatchPolicy: 'string',
        egressSelectorType: 'string',
      },
      claimValidationRules: [{ claim: 'string', requiredValue: 'string', expression: 'string', message: 'string' }],
      claimMappings: {
        username: CLAIM_OR_EXPRESSION,
        groups: CLAIM_OR_EXPRESSION,
        uid: { claim: 'string', expression: 'string' },
        extra: [{ key: 'string', valueExpression: 'string' }],
      },
      userValidationRules: [{ expression: 'string', message: 'string' }],
    },
  ],
  anonymous: { enabled: 'boolean', conditions: [{ path: 'string' }] },
};

const KIND: ConfigurationKind = {
  kind: 'AuthenticationConfiguration',
  versions: ['v1', 'v1beta1', 'v1alpha1'].map((version) => `apiserver.config.k8s.io/${version}`),
  fields: FIELDS,
};

/** Reads a configuration in YAML or JSON, strictly. @throws ConfigurationError */
export function decodeConfiguration(text: string): AuthenticationConfiguration {
  return readConfiguration(text, KIND) as AuthenticationConfiguration;
}
