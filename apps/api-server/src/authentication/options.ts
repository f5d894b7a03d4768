import type { Options, OptionSpecs } from '@binnacle/process-config';

const text = (description: string, fallback = '') =>
  ({ type: 'string', default: fallback, description }) as const satisfies OptionSpecs[string];
/** May be given several times, or with commas between. */
const list = (description: string, fallback = '') =>
  ({ ...text(description, fallback), repeatable: true }) as const satisfies OptionSpecs[string];

/** How machines prove who they are; names and meanings are kube-apiserver's. */
export const authenticationOptions = {
  'service-account-key-file': list('public keys of service account tokens, read anew when they change'),
  'service-account-signing-key-file': text('key that signs the tokens, read anew when it changes'),
  'session-key-file': text(
    'secret that all servers of an installation share for web sessions; the signing key if empty',
  ),
  'service-account-issuer': list('issuers of service account tokens; the first makes them, all are believed'),
  'service-account-jwks-uri': text('where others find the public keys, if not here'),
  'service-account-extend-token-expiration': {
    type: 'boolean',
    default: true,
    description: 'let tokens of volumes that nobody asked for hold for a year',
  },
  'service-account-max-token-expiration': {
    type: 'number',
    default: 0,
    description: 'seconds that a service account token holds at most; no bound if 0',
  },
  'api-audiences': list('for whom tokens of this API are; the issuers of service account tokens if empty'),
  'anonymous-auth': { type: 'boolean', default: true, description: 'let requests be made that say nothing of by whom' },
  'authentication-config': text('AuthenticationConfiguration of other issuers, read anew when it changes'),
  'oidc-issuer-url': text('URL of an OpenID issuer whose tokens are believed'),
  'oidc-client-id': text('for whom its tokens must be'),
  'oidc-ca-file': text('authority of its certificate; those of the machine if empty'),
  'oidc-username-claim': text('claim that is the user', 'sub'),
  'oidc-username-prefix': text('put before users; "-" for nothing, the issuer and # if empty'),
  'oidc-groups-claim': text('claim that is the groups'),
  'oidc-groups-prefix': text('put before groups'),
  'oidc-signing-algs': list('JWS algorithms that are believed', 'RS256'),
  'oidc-required-claim': list('key=value that its tokens must say'),
  'authentication-token-webhook-config-file': text('kubeconfig of a webhook that is asked whose tokens are'),
  'authentication-token-webhook-version': text('of the TokenReviews it is sent, v1 or v1beta1', 'v1beta1'),
  'authentication-token-webhook-cache-ttl': text('for how long its answers are believed', '2m'),
  'requestheader-client-ca-file': text('authority of the certificates of front proxies; none is believed if empty'),
  'requestheader-allowed-names': list('common names of front proxies; all if empty'),
  'requestheader-username-headers': list('headers that name the user'),
  'requestheader-uid-headers': list('headers that name the uid'),
  'requestheader-group-headers': list('headers that name groups'),
  'requestheader-extra-headers-prefix': list('beginnings of headers that name extras'),
} as const satisfies OptionSpecs;

export type AuthenticationSettings = Options<typeof authenticationOptions>;

/** The parts of a list with commas. */
export const partsOf = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
