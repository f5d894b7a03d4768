import type { IncomingMessage } from 'node:http';
import { OF_THE_ORIGIN } from '../kubelet/origin-headers.js';
import type { AnswerHeaders, ApiAnswer } from '../request/api-request.js';

const KEPT_BACK = new Set([
  ...OF_THE_ORIGIN,
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** Longer pages come as they are. */
const LONGEST_PAGE = 1024 * 1024;
/** Attributes of HTML that lead somewhere, with a path of the page's own host. */
const LINKS =
  /\b(action|background|cite|classid|codebase|data|formaction|href|icon|longdesc|manifest|poster|profile|src|usemap)=(["'])\/(?!\/)/gi;

/**
 * A page of somebody's Pod comes from this server's own origin, where a browser has the reader's session: it is kept in an origin
 * of its own, and sets no cookies.
 */
const APART = { 'content-security-policy': 'sandbox allow-scripts allow-forms' };

/** A path of the host behind the proxy, as the client finds it. */
const moved = (location: string, before: string): string =>
  location.startsWith('/') && !location.startsWith('//') ? `${before}${location}` : location;

function headersOf({ headers }: IncomingMessage, before: string): AnswerHeaders {
  const passed: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !KEPT_BACK.has(name)) passed[name] = value;
  if (headers.location) passed.location = moved(headers.location, before);
  return { ...passed, ...APART };
}

/** What HTTP knows no such status for, an answer over HTTP/2 cannot have. */
const statusOf = ({ statusCode = 502 }: IncomingMessage): number =>
  statusCode >= 200 && statusCode <= 599 ? statusCode : 502;

const isPage = ({ headers }: IncomingMessage): boolean =>
  (headers['content-type'] ?? '').startsWith('text/html') && headers['content-encoding'] === undefined;

/** All of a page, or undefined of one that is too long or whose length nobody knows. */
async function pageOf(message: IncomingMessage): Promise<string | undefined> {
  const length = Number(message.headers['content-length'] ?? Number.NaN);
  if (!isPage(message) || !(length <= LONGEST_PAGE)) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

/** What came from behind a proxy, with what leads back there leading through the proxy; `before` is the path of that. */
export async function proxiedAnswer(message: IncomingMessage, before: string): Promise<ApiAnswer> {
  const status = statusOf(message);
  const contentType = message.headers['content-type'] ?? 'application/octet-stream';
  const { 'content-length': length, ...headers } = headersOf(message, before);
  const page = await pageOf(message);
  if (page !== undefined) {
    const body = [Buffer.from(page.replace(LINKS, `$1=$2${before}/`), 'latin1')];
    return { status, contentType, headers, body };
  }
  return {
    status,
    contentType,
    headers: length === undefined ? headers : { ...headers, 'content-length': length },
    async stream(sink, signal) {
      try {
        if (signal.aborted) return;
        for await (const chunk of message) await sink.write(chunk as Buffer);
      } finally {
        message.destroy();
      }
    },
  };
}
