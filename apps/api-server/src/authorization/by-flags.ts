import { resolve } from 'node:path';
import { ConfigError } from '@binnacle/process-config';
import type { AuthorizationConfiguration, AuthorizerSpec, WebhookSpec } from '@binnacle/server-authorization';
import { partsOf } from '../authentication/options.js';
import { durationIn } from '../webhook-flags.js';
import {
  type AuthorizationFlag,
  type AuthorizationSettings,
  authorizationOptions,
  FILE,
  MODE,
  WEBHOOK_FILE,
} from './options.js';

/** Milliseconds for which an answer is believed; undefined where the flag says nothing. */
function believed(settings: AuthorizationSettings, name: 'authorized' | 'unauthorized'): number | undefined {
  const flag = `authorization-webhook-cache-${name}-ttl` as const;
  return settings[flag] === '' ? undefined : durationIn(flag, settings[flag]);
}

function believedOf(settings: AuthorizationSettings): WebhookSpec {
  const [yes, no] = [believed(settings, 'authorized'), believed(settings, 'unauthorized')];
  return {
    ...(yes !== undefined && { cacheAuthorizedRequests: yes > 0, ...(yes > 0 && { authorizedTTL: `${yes}ms` }) }),
    ...(no !== undefined && { cacheUnauthorizedRequests: no > 0, ...(no > 0 && { unauthorizedTTL: `${no}ms` }) }),
  };
}

/** As upstream makes it of its flags. */
function webhookOf(settings: AuthorizationSettings): AuthorizerSpec {
  const file = settings[WEBHOOK_FILE];
  if (file === '') throw new ConfigError(`--${MODE} with Webhook wants --${WEBHOOK_FILE}`);
  const webhook: WebhookSpec = {
    ...believedOf(settings),
    timeout: '30s',
    failurePolicy: 'NoOpinion',
    subjectAccessReviewVersion: settings['authorization-webhook-version'] || 'v1beta1',
    connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: resolve(file) },
  };
  return { type: 'Webhook', name: 'default', webhook };
}

/** The configuration that flags stand for. @throws ConfigError */
export function configurationByFlags(settings: AuthorizationSettings): AuthorizationConfiguration {
  const modes = partsOf(settings[MODE] || 'Node,RBAC');
  if (new Set(modes).size !== modes.length) throw new ConfigError(`--${MODE} ${modes.join(',')} says one twice`);
  if (settings[WEBHOOK_FILE] !== '' && !modes.includes('Webhook'))
    throw new ConfigError(`--${WEBHOOK_FILE} wants Webhook in --${MODE}`);
  const one = (type: string): AuthorizerSpec =>
    type === 'Webhook' ? webhookOf(settings) : { type, name: type.toLowerCase() };
  return { authorizers: modes.map(one) };
}

/** @throws ConfigError where flags stand beside a file that says all of it. */
export function refuseFlagsBesideFile(settings: AuthorizationSettings): void {
  const flags = Object.keys(authorizationOptions) as AuthorizationFlag[];
  const given = flags.filter((flag) => flag !== FILE && settings[flag] !== '');
  if (given.length > 0) throw new ConfigError(`--${FILE} and --${given.join(', --')} are mutually exclusive`);
}
