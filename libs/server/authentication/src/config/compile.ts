import {
  duplicate,
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  tooMany,
} from '@binnacle/machinery-validation';
import { ConfigurationError } from '@binnacle/machinery-yaml';
import type { CompiledAuthenticator } from '../jwt/compiled-authenticator.js';
import { SIGNING_ALGORITHMS } from '../jwt/token-shape.js';
import type { AuthenticationConfiguration, JwtAuthenticatorSpec } from './authentication-configuration.js';
import { validateIssuer } from './compile-issuer.js';
import { compileMappings } from './compile-mappings.js';

const MOST_AUTHENTICATORS = 64;

export interface CompileOptions {
  /** Issuers that are believed in another way: those of service accounts. */
  readonly disallowedIssuers?: readonly string[];
  /** Of JWS; all with public keys without it. */
  readonly algorithms?: readonly string[];
}

function compileOne(
  spec: JwtAuthenticatorSpec,
  { disallowedIssuers = [], algorithms = SIGNING_ALGORITHMS }: CompileOptions,
  path: FieldPath,
): { authenticator: CompiledAuthenticator; errors: readonly FieldError[] } {
  const { issuer = {} } = spec;
  const { url = '', discoveryURL, certificateAuthority, audiences = [] } = issuer;
  const { mappings, errors } = compileMappings(spec, path);
  const source = { url, ...(discoveryURL && { discoveryURL }), ...(certificateAuthority && { certificateAuthority }) };
  return {
    authenticator: { issuer: url, audiences, algorithms, source, mappings },
    errors: [...validateIssuer(issuer, disallowedIssuers, path.child('issuer')), ...errors],
  };
}

function repeated(
  specs: readonly JwtAuthenticatorSpec[],
  field: 'url' | 'discoveryURL',
  root: FieldPath,
): FieldError[] {
  const seen = new Set<string>();
  return specs.flatMap(({ issuer }, index) => {
    const value = issuer?.[field] ?? '';
    const again = value !== '' && seen.has(value);
    seen.add(value);
    return again ? [duplicate(root.index(index).child('issuer', field), value)] : [];
  });
}

function anonymousErrors({ anonymous }: AuthenticationConfiguration): FieldError[] {
  if (!anonymous || anonymous.enabled || !anonymous.conditions?.length) return [];
  const why = 'enabled should be set to true when conditions are defined';
  return [invalid(fieldPath('anonymous', 'conditions'), anonymous.conditions, why)];
}

/**
 * Checks a configuration and compiles what it says of tokens. Behaves as kubernetes apiserver pkg/apis/apiserver/validation.
 * @throws ConfigurationError with everything that is wrong.
 */
export function compileConfiguration(
  configuration: AuthenticationConfiguration,
  options: CompileOptions = {},
): CompiledAuthenticator[] {
  const { jwt = [] } = configuration;
  const root = fieldPath('jwt');
  if (jwt.length > MOST_AUTHENTICATORS) throw refusal([tooMany(root, jwt.length, MOST_AUTHENTICATORS)]);
  const compiled = jwt.map((spec, index) => compileOne(spec, options, root.index(index)));
  const errors = [
    ...compiled.flatMap((one) => one.errors),
    ...repeated(jwt, 'url', root),
    ...repeated(jwt, 'discoveryURL', root),
    ...anonymousErrors(configuration),
  ];
  if (errors.length > 0) throw refusal(errors);
  return compiled.map(({ authenticator }) => authenticator);
}

function refusal(errors: readonly FieldError[]): ConfigurationError {
  const texts = errors.map(({ field, message }) => `${field}: ${message}`);
  return new ConfigurationError(texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`);
}
