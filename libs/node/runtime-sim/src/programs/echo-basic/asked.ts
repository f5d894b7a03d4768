import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Process } from '../program.js';

/** What a request of HTTP/1.1 and one of HTTP/2 have in common. */
export interface Asked {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly httpVersion: string;
  readonly rawHeaders: readonly string[];
  readonly socket: Socket;
}

export const DEFAULT_HTTP_PORT = 3000;

/** A header's name as Go writes it: `X-Echo-Set-Header`. */
const goName = (name: string) => name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());

/** All values of each header, under Go's names; those that HTTP/2 sends in place of a request line are left out. */
export function headersOf({ rawHeaders }: Pick<Asked, 'rawHeaders'>): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [sent = '', value = ''] = rawHeaders.slice(index, index + 2);
    const name = goName(sent);
    if (!name.startsWith(':')) headers.set(name, [...(headers.get(name) ?? []), value]);
  }
  return headers;
}

function hostOf({ rawHeaders }: Asked): string {
  const valueOf = (wanted: string) =>
    rawHeaders.find((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === wanted);
  return valueOf(':authority') ?? valueOf('host') ?? '';
}

function tlsOf({ socket }: Asked): object | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const { servername, alpnProtocol } = socket as TLSSocket & { servername?: string | false };
  const negotiated = alpnProtocol ? { negotiatedProtocol: alpnProtocol } : {};
  const cipherSuite = socket.getCipher().standardName;
  return { version: socket.getProtocol(), serverName: servername || '', ...negotiated, cipherSuite };
}

/** What was asked, and where it came to, under the names that the suite reads. */
export function assertionsOf({ config: { env } }: Pick<Process, 'config'>, asked: Asked): object {
  const headers = headersOf(asked);
  headers.delete('Host');
  return {
    path: asked.url,
    host: hostOf(asked),
    method: asked.method,
    proto: `HTTP/${asked.httpVersion}`,
    headers: Object.fromEntries(headers),
    httpPort: env['HTTP_PORT'] || String(DEFAULT_HTTP_PORT),
    namespace: env['NAMESPACE'] ?? '',
    ingress: env['INGRESS_NAME'] ?? '',
    service: env['SERVICE_NAME'] ?? '',
    pod: env['POD_NAME'] ?? '',
    tls: tlsOf(asked),
  };
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

/** Headers that the client wants in its answer: `X-Echo-Set-Header: one:1,two:2`. Those of one name become one, and what is none is left out. */
export function wantedHeaders(asked: Pick<Asked, 'rawHeaders'>): Map<string, string> {
  const wanted = new Map<string, string>();
  const pairs = (headersOf(asked).get('X-Echo-Set-Header') ?? []).flatMap((list) => list.split(','));
  for (const pair of pairs) {
    const [name = '', ...rest] = pair.trim().split(':');
    const value = rest.join(':').trim();
    if (isHeader(name, value)) wanted.set(name, wanted.has(name) ? `${wanted.get(name)},${value}` : value);
  }
  return wanted;
}
