import { ArrayList, CelError, HashMap, type Meter, type Opaque, type Value } from '../values/index.js';
import { formatUrl, type GoUrl, hostName, parseQuery, parseRequestUri, portOf, UrlError } from './go-url.js';
import { global, method, type Overload } from './overload.js';

export class Url implements Opaque {
  readonly typeName = 'kubernetes.URL';

  constructor(readonly parts: GoUrl) {}

  equals(other: Opaque): boolean | undefined {
    return other instanceof Url ? other.toString() === this.toString() : undefined;
  }

  toString(): string {
    return formatUrl(this.parts);
  }
}

/** The URL, or what is wrong with it. */
export function readUrl(text: string): Url | string {
  try {
    return new Url(parseRequestUri(text));
  } catch (error) {
    if (error instanceof UrlError) return error.message;
    throw error;
  }
}

function toUrl(text: string, meter: Meter): Value {
  meter.work(text.length);
  const url = readUrl(text);
  return typeof url === 'string' ? new CelError(`URL parse error during conversion from string: ${url}`) : url;
}

function queryOf({ parts }: Url): Value {
  const values = parseQuery(parts.query ?? '');
  return HashMap.from([...values].map(([key, all]) => [key, new ArrayList(all)] as const));
}

export const URLS: readonly Overload[] = [
  global('string_to_url', 'url(string) kubernetes.URL', toUrl),
  global('is_url_string', 'isURL(string) bool', (text: string, meter: Meter) => {
    meter.work(text.length);
    return typeof readUrl(text) !== 'string';
  }),
  method('url_get_scheme', 'getScheme(kubernetes.URL) string', ({ parts }: Url) => parts.scheme),
  method('url_get_host', 'getHost(kubernetes.URL) string', ({ parts }: Url) => parts.host),
  method('url_get_hostname', 'getHostname(kubernetes.URL) string', ({ parts }: Url) => hostName(parts.host)),
  method('url_get_port', 'getPort(kubernetes.URL) string', ({ parts }: Url) => portOf(parts.host)),
  method('url_get_escaped_path', 'getEscapedPath(kubernetes.URL) string', ({ parts }: Url) => parts.escapedPath),
  method('url_get_query', 'getQuery(kubernetes.URL) map(string, list(string))', queryOf),
];
