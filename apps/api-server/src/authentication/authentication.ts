import type { Context } from '@binnacle/machinery-context';
import type { ApiServerConfig } from '@binnacle/server-http';
import { frontProxyOf } from './front-proxy.js';
import type { AuthenticationSettings } from './options.js';
import { otherIssuers } from './other-issuers.js';
import { webhookTokensOf } from './webhook-tokens.js';
import { issuersOf, serviceAccountSettings } from './service-account-keys.js';

type Authentication = Pick<
  ApiServerConfig,
  'serviceAccountKeys' | 'sessionSecret' | 'keysAddress' | 'tokens' | 'anonymous' | 'frontProxy'
>;

/** How machines prove who they are, as the flags say. Throws ConfigError for what cannot be used. */
export function authenticationOf(
  ctx: Context,
  settings: AuthenticationSettings,
  readFile: (path: string) => string,
): Authentication {
  const serviceAccountKeys = serviceAccountSettings(settings, readFile);
  const frontProxy = frontProxyOf(settings, readFile);
  const sessionKey = settings['session-key-file'];
  const keysAddress = settings['service-account-jwks-uri'];
  const others = otherIssuers(ctx, settings, issuersOf(settings), readFile);
  return {
    ...others,
    tokens: [...others.tokens, ...webhookTokensOf(ctx, settings, readFile)],
    ...(serviceAccountKeys && { serviceAccountKeys }),
    ...(sessionKey && { sessionSecret: readFile(sessionKey) }),
    ...(keysAddress && { keysAddress }),
    ...(frontProxy && { frontProxy }),
  };
}
