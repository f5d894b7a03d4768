import { parseYaml } from '@binnacle/machinery-yaml';
import type { AuthenticationConfiguration } from './authentication-configuration.js';

/** What a field holds: text, a truth, a list of something, or an object of fields. */
type Shape = 'string' | 'boolean' | readonly [Shape] | { readonly [field: string]: Shape };

const CLAIM_OR_EXPRESSION = { claim: 'string', prefix: 'string', expression: 'string' } as const;

const SHAPE: Shape = {
  apiVersion: 'string',
  kind: 'string',
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

const KIND = 'AuthenticationConfiguration';
const VERSIONS = ['v1', 'v1beta1', 'v1alpha1'].map((version) => `apiserver.config.k8s.io/${version}`);
const LARGEST = 1024 * 1024;

/** A configuration that cannot be used; the message says where and why. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

const wordFor = (shape: Shape): string =>
  typeof shape === 'string' ? shape : Array.isArray(shape) ? 'list' : 'object';

function complaintsOf(value: unknown, shape: Shape, path: string): string[] {
  if (value === undefined || value === null) return [];
  if (typeof shape === 'string') return typeof value === shape ? [] : [`${path}: expected ${shape}`];
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return [`${path}: expected ${wordFor(shape)}`];
    return value.flatMap((item, index) => complaintsOf(item, shape[0] as Shape, `${path}[${index}]`));
  }
  if (typeof value !== 'object' || Array.isArray(value)) return [`${path || KIND}: expected ${wordFor(shape)}`];
  return Object.entries(value).flatMap(([name, item]) => {
    const inner = Object.hasOwn(shape, name) ? (shape as Readonly<Record<string, Shape>>)[name] : undefined;
    const at = path ? `${path}.${name}` : name;
    return inner ? complaintsOf(item, inner, at) : [`unknown field "${at}"`];
  });
}

/** Nulls are as if they were not there. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutNulls(item)]));
}

function parse(text: string): Readonly<Record<string, unknown>> {
  if (text.length > LARGEST) throw new ConfigurationError(`a configuration is at most ${LARGEST} bytes`);
  try {
    const { value, repeated } = parseYaml(text);
    if (repeated.length > 0) throw new Error(repeated.join('; '));
    return (value ?? {}) as Record<string, unknown>;
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
}

/** Reads a configuration in YAML or JSON, strictly. @throws ConfigurationError */
export function decodeConfiguration(text: string): AuthenticationConfiguration {
  const value = parse(text);
  if (value.kind !== KIND || !VERSIONS.includes(String(value.apiVersion))) {
    throw new ConfigurationError(`expected kind ${KIND} of ${VERSIONS.join(', ')}`);
  }
  const complaints = complaintsOf(value, SHAPE, '');
  if (complaints.length > 0) throw new ConfigurationError(`strict decoding error: ${complaints.join(', ')}`);
  return withoutNulls(value) as AuthenticationConfiguration;
}
