/** Where the issuer of service accounts' tokens is discovered, and its keys. */
export const OPENID_CONFIGURATION = '/.well-known/openid-configuration';
export const OPENID_KEYS = '/openid/v1/jwks';

/** What is served besides kinds. */
export const OTHER_PATHS: readonly string[] = [
  OPENID_CONFIGURATION,
  OPENID_KEYS,
  '/healthz',
  '/livez',
  '/metrics',
  '/openapi/v2',
  '/openapi/v3',
  '/readyz',
  '/version',
];
