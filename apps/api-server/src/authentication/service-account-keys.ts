import { type Context, sleep } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import {
  ServiceAccountKeys,
  type ServiceAccountSettings,
  type ServiceAccountTokens,
  TOKEN_ISSUER,
} from '@binnacle/server-auth';
import { followFiles, POLL_MILLISECONDS } from '../follow-files.js';
import { type AuthenticationSettings, partsOf } from './options.js';

type ReadFile = (path: string) => string;
type KeyTexts = Pick<ServiceAccountSettings, 'signingKey' | 'publicKeys'>;

/** A new key signs when every server has had the time to read it: what it signs is refused nowhere. */
const SIGNS_AFTER = 3 * POLL_MILLISECONDS;

export const issuersOf = (settings: AuthenticationSettings): string[] => {
  const issuers = partsOf(settings['service-account-issuer']);
  return issuers.length > 0 ? issuers : [TOKEN_ISSUER];
};

function keysIn(settings: AuthenticationSettings, readFile: ReadFile): KeyTexts | undefined {
  const files = partsOf(settings['service-account-key-file']);
  const [signing] = [settings['service-account-signing-key-file'], ...files].filter(Boolean);
  return signing ? { signingKey: readFile(signing), publicKeys: files.map(readFile) } : undefined;
}

function checkKeys(keys: KeyTexts): void {
  try {
    new ServiceAccountKeys(keys);
  } catch (error) {
    throw new ConfigError(`--service-account-key-file: ${(error as Error).message}`, { cause: error });
  }
}

/** What tokens of service accounts are made and read by; undefined where no key was given. @throws ConfigError */
export function serviceAccountSettings(
  settings: AuthenticationSettings,
  readFile: ReadFile,
): ServiceAccountSettings | undefined {
  const keys = keysIn(settings, readFile);
  if (!keys) return undefined;
  checkKeys(keys);
  const maxSeconds = settings['service-account-max-token-expiration'];
  if (maxSeconds !== 0 && maxSeconds < 3600)
    throw new ConfigError('--service-account-max-token-expiration must be at least an hour, 3600');
  return {
    ...keys,
    issuers: issuersOf(settings),
    apiAudiences: partsOf(settings['api-audiences']),
    extendExpiration: settings['service-account-extend-token-expiration'],
    ...(maxSeconds !== 0 && { maxSeconds }),
  };
}

/** Follows the files of the keys: tokens are read by new ones at once, and signed a little later. Until the context aborts. */
export async function followServiceAccountKeys(
  ctx: Context,
  settings: AuthenticationSettings,
  tokens: Pick<ServiceAccountTokens, 'readWith' | 'signWith'>,
  readFile: ReadFile,
): Promise<void> {
  const read = () => JSON.stringify(keysIn(settings, readFile));
  await followFiles(ctx, read, read(), async (text) => {
    const keys = new ServiceAccountKeys(JSON.parse(text) as KeyTexts);
    tokens.readWith(keys);
    ctx.logger.info('tokens of service accounts are read by other keys', { keys: keys.jsonWebKeys.length });
    await sleep(ctx, SIGNS_AFTER);
    tokens.signWith(keys);
  });
}
