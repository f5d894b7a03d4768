import type { Context } from '@binnacle/machinery-context';
import type { TokenAuthenticator } from '@binnacle/server-auth';
import { WebhookTokens } from '@binnacle/server-authentication';
import { ReviewWebhook } from '@binnacle/server-egress';
import { durationIn, reviewVersionIn, webhookIn } from '../webhook-flags.js';
import type { AuthenticationSettings } from './options.js';

const FLAG = 'authentication-token-webhook';

/** The webhook that tells whose tokens are, where a file names one. @throws ConfigError */
export function webhookTokensOf(
  ctx: Context,
  settings: AuthenticationSettings,
  readFile: (path: string) => string,
): TokenAuthenticator[] {
  const file = settings[`${FLAG}-config-file`];
  if (file === '') return [];
  const target = webhookIn(`${FLAG}-config-file`, file, readFile);
  const version = reviewVersionIn(`${FLAG}-version`, settings[`${FLAG}-version`]);
  const believed = durationIn(`${FLAG}-cache-ttl`, settings[`${FLAG}-cache-ttl`]);
  return [new WebhookTokens(ctx, new ReviewWebhook(ctx, target), { version, believed })];
}
