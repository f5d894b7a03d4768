import { isIP } from 'node:net';
import { ConfigError } from '@binnacle/process-config';

const isLoopback = (host: string): boolean =>
  host === 'localhost' ||
  host.endsWith('.localhost') ||
  host === '[::1]' ||
  (isIP(host) === 4 && host.startsWith('127.'));

/** The URL of a server without what is not part of it. @throws ConfigError where a password must not be sent there */
export function serverAddress(text: string): string {
  const withScheme = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(withScheme)) throw new ConfigError(`--server: "${text}" is no address such as https://host:6443`);
  const { protocol, hostname, origin, pathname, search, username } = new URL(withScheme);
  if (pathname !== '/' || search || username)
    throw new ConfigError(
      `--server: "${text}" is more than an address; say only https://host:port, and --cluster for a cluster`,
    );
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return origin;
  throw new ConfigError(`--server: "${text}" is not https; over plain http only this machine is asked`);
}
