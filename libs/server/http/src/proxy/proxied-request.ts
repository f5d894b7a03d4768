import type { OutgoingHttpHeaders } from 'node:http';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import type { ApiRequest } from '../request/api-request.js';

/** Who asks proves it to this server alone, and connections are each side's own. */
const KEPT_BACK = new Set([
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const OF_THE_CALLER = /^(:|impersonate-|x-remote-|x-binnacle-|sec-fetch-)/;

/** A request as it is made to what is behind a proxy. */
export interface ProxiedRequest {
  readonly method: string;
  /** With its query; empty where the path ends with `proxy`. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer | undefined;
}

const SUBRESOURCE = 'proxy';

/** What precedes the path behind the proxy, as a client sees it, and that path with its leading slash. */
export function splitProxyPath({ info }: Pick<ApiRequest, 'info'>): {
  readonly before: string;
  readonly behind: string;
} {
  const parts = info.path.split('/');
  // The name may be `proxy` as well: the subresource follows it.
  const at = parts.indexOf(SUBRESOURCE, info.resource?.namespace ? 7 : 5);
  const cluster = info.cluster === DEFAULT_CLUSTER ? '' : `/clusters/${info.cluster}`;
  const behind = parts.slice(at + 1);
  return {
    before: `${cluster}${parts.slice(0, at + 1).join('/')}`,
    behind: behind.length > 0 ? `/${behind.join('/')}` : '',
  };
}

function forwardedHeaders({ headers, peer }: ApiRequest): OutgoingHttpHeaders {
  const passed: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers))
    if (!KEPT_BACK.has(name) && !OF_THE_CALLER.test(name)) passed[name] = value;
  const host = headers.host ?? String(headers[':authority'] ?? '');
  const before = headers['x-forwarded-for'];
  const addresses = [...[before ?? []].flat(), peer?.address ?? ''].filter(Boolean).join(', ');
  return { ...passed, host, 'x-forwarded-host': host, 'x-forwarded-proto': 'https', 'x-forwarded-for': addresses };
}

/** What of a request goes on to what is behind the proxy. */
export function proxiedRequest(request: ApiRequest): ProxiedRequest {
  const { before, behind } = splitProxyPath(request);
  const query = request.query.toString();
  const { body } = request;
  const length = body && body.length > 0 ? { 'content-length': String(body.length) } : {};
  const headers = { ...forwardedHeaders(request), 'x-forwarded-uri': `${before}${behind}`, ...length };
  return { method: request.method, path: query ? `${behind || '/'}?${query}` : behind, headers, body };
}
