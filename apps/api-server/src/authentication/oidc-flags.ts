import { ConfigError } from '@binnacle/process-config';
import { type AuthenticationConfiguration, SIGNING_ALGORITHMS } from '@binnacle/server-authentication';
import { type AuthenticationSettings, partsOf } from './options.js';

type Settings = AuthenticationSettings;

function usernamePrefix({
  'oidc-username-prefix': prefix,
  'oidc-username-claim': claim,
  'oidc-issuer-url': issuer,
}: Settings): string {
  if (prefix === '-') return '';
  // Names of two issuers, or of ours, are not taken for each other; an address of mail is its own.
  return prefix === '' && claim !== 'email' ? `${issuer}#` : prefix;
}

function requiredClaims(settings: Settings): { claim: string; requiredValue: string }[] {
  return partsOf(settings['oidc-required-claim']).map((pair) => {
    const at = pair.indexOf('=');
    if (at <= 0) throw new ConfigError(`--oidc-required-claim must be key=value, not "${pair}"`);
    return { claim: pair.slice(0, at), requiredValue: pair.slice(at + 1) };
  });
}

function checkFlags(settings: Settings): void {
  const { 'oidc-issuer-url': issuer, 'oidc-client-id': client } = settings;
  if ((issuer === '') !== (client === ''))
    throw new ConfigError('--oidc-issuer-url and --oidc-client-id must be specified together if any is');
  if (issuer && settings['authentication-config'])
    throw new ConfigError(
      '--authentication-config and the --oidc-* flags are mutually exclusive; put the issuer into the file',
    );
  const unknown = partsOf(settings['oidc-signing-algs']).find((name) => !SIGNING_ALGORITHMS.includes(name));
  if (unknown) throw new ConfigError(`--oidc-signing-algs: "${unknown}" is none of ${SIGNING_ALGORITHMS.join(', ')}`);
}

/**
 * What the `--oidc-*` flags say, as a configuration; undefined where they say nothing. Behaves as kubernetes
 * pkg/kubeapiserver/options BuiltInAuthenticationOptions. @throws ConfigError
 */
export function oidcConfiguration(
  settings: Settings,
  readFile: (path: string) => string,
): AuthenticationConfiguration | undefined {
  checkFlags(settings);
  const url = settings['oidc-issuer-url'];
  if (url === '') return undefined;
  const ca = settings['oidc-ca-file'];
  const groups = settings['oidc-groups-claim'];
  const issuer = {
    url,
    audiences: [settings['oidc-client-id']],
    ...(ca && { certificateAuthority: readFile(ca) }),
  };
  const claimMappings = {
    username: { claim: settings['oidc-username-claim'], prefix: usernamePrefix(settings) },
    ...(groups && { groups: { claim: groups, prefix: settings['oidc-groups-prefix'] } }),
  };
  return { jwt: [{ issuer, claimMappings, claimValidationRules: requiredClaims(settings) }] };
}
