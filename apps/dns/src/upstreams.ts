import { readFileSync } from 'node:fs';
import { type NameServer, nameServer, ranges } from '@binnacle/network-dns';
import { ConfigError } from '@binnacle/process-config';

const words = (text: string): string[] => text.split(',').filter(Boolean);

function serverOf(text: string): NameServer {
  const server = nameServer(text);
  if (!server) throw new ConfigError(`--upstream: "${text}" is no address, with a port or without`);
  return server;
}

/** The servers of a file such as `/etc/resolv.conf`, as they are when this program starts. */
function serversIn(file: string): NameServer[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines
      .flatMap((line) => /^nameserver\s+(\S+)/.exec(line)?.[1] ?? [])
      .flatMap((text) => nameServer(text) ?? []);
  } catch (error) {
    throw new ConfigError(
      `--upstream: ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Who is asked: addresses with commas between, or those of a file. @throws ConfigError */
export const upstreamsOf = (text: string): NameServer[] =>
  text.startsWith('/') ? serversIn(text) : words(text).map(serverOf);

/** Ranges with commas between. @throws ConfigError */
export function rangesOf(text: string): string[] {
  const cidrs = words(text);
  try {
    ranges(cidrs);
    return cidrs;
  } catch (error) {
    throw new ConfigError(`--open-upstreams: ${error instanceof Error ? error.message : String(error)}`);
  }
}
