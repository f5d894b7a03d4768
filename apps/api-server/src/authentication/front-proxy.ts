import { ConfigError } from '@binnacle/process-config';
import { FrontProxyAuthentication, type FrontProxyOptions } from '@binnacle/server-authentication';
import { type AuthenticationSettings, partsOf } from './options.js';

/** Which front proxies are believed; undefined where none are. @throws ConfigError */
export function frontProxyOf(
  settings: AuthenticationSettings,
  readFile: (path: string) => string,
): FrontProxyOptions | undefined {
  const file = settings['requestheader-client-ca-file'];
  if (file === '') return undefined;
  const options = {
    clientCa: readFile(file),
    allowedNames: partsOf(settings['requestheader-allowed-names']),
    usernameHeaders: partsOf(settings['requestheader-username-headers']),
    uidHeaders: partsOf(settings['requestheader-uid-headers']),
    groupHeaders: partsOf(settings['requestheader-group-headers']),
    extraHeaderPrefixes: partsOf(settings['requestheader-extra-headers-prefix']),
  };
  try {
    new FrontProxyAuthentication(options);
    return options;
  } catch (error) {
    throw new ConfigError(`${file}: ${(error as Error).message}`, { cause: error });
  }
}
