import { quote } from '@binnacle/machinery-meta';
import { decodeUtf8, encodeUtf8 } from '../values/index.js';

/** A URL in its parts, as Go's net/url reads them. */
export interface GoUrl {
  readonly scheme: string;
  readonly opaque: string;
  readonly userInfo: string | undefined;
  readonly host: string;
  readonly escapedPath: string;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
  /** Whether `//` stands before the host, be the host empty. */
  readonly hasHost: boolean;
}

export class UrlError extends Error {
  override readonly name = 'UrlError';
}

// biome-ignore lint: control characters are what is looked for
const CONTROL = /[\x00-\x1f\x7f]/;

type Mode = 'path' | 'query' | 'host';

const HEX = /^[0-9a-fA-F]{2}$/;
const PLAIN: Readonly<Record<Mode, RegExp>> = {
  path: /[A-Za-z0-9\-_.~$&+,/:;=@!'()*[\]]/,
  query: /[A-Za-z0-9\-_.~]/,
  host: /[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]/,
};

function escapeAt(text: string, at: number, mode: Mode): number {
  const digits = text.slice(at + 1, at + 3);
  const code = Number.parseInt(digits, 16);
  const inHost = mode === 'host' && code < 0x80 && digits !== '25';
  if (!HEX.test(digits) || inHost) throw new UrlError(`invalid URL escape ${quote(text.slice(at, at + 3))}`);
  return code;
}

function checkHostCharacters(text: string): void {
  const bad = [...text].find(
    (character) => /[\x00-\x7f]/.test(character) && character !== '%' && !PLAIN.host.test(character),
  );
  if (bad !== undefined) throw new UrlError(`invalid character ${quote(bad)} in host name`);
}

/** @throws UrlError where an escape is broken. */
function unescape(text: string, mode: Mode): string {
  if (mode === 'host') checkHostCharacters(text);
  const plain = mode === 'query' ? text.replaceAll('+', ' ') : text;
  if (!plain.includes('%')) return plain;
  const bytes: number[] = [];
  for (let at = 0; at < plain.length; ) {
    const character = String.fromCodePoint(plain.codePointAt(at) ?? 0);
    if (character === '%') bytes.push(escapeAt(plain, at, mode));
    else bytes.push(...encodeUtf8(character));
    at += character === '%' ? 3 : character.length;
  }
  return decodeUtf8(Uint8Array.from(bytes)) ?? String.fromCharCode(...bytes);
}

const percent = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;

/** The path as it may stand in a URL: as it was written where that is right. */
function escapePath(raw: string): string {
  unescape(raw, 'path');
  if (!/[^A-Za-z0-9\-_.~$&+,/:;=@!'()*[\]%]/.test(raw)) return raw;
  const plain = unescape(raw, 'path');
  return [...plain]
    .map((character) =>
      PLAIN.path.test(character) && !/[[\]!'()*;,]/.test(character) ? character : escapeAll(character),
    )
    .join('');
}

const escapeAll = (character: string): string => [...encodeUtf8(character)].map(percent).join('');

function splitScheme(text: string): [scheme: string, rest: string] {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text);
  if (text.startsWith(':')) throw new UrlError('missing protocol scheme');
  return match ? [(match[1] ?? '').toLowerCase(), text.slice(match[0].length)] : ['', text];
}

function checkPort(port: string): void {
  if (port !== '' && !/^:\d*$/.test(port)) throw new UrlError(`invalid port ${quote(port)} after host`);
}

function readHost(text: string): string {
  if (text.startsWith('[')) {
    const end = text.lastIndexOf(']');
    if (end < 0) throw new UrlError("missing ']' in host");
    checkPort(text.slice(end + 1));
    return unescape(text, 'host');
  }
  const colon = text.indexOf(':');
  if (colon >= 0) checkPort(text.slice(colon));
  return unescape(text, 'host');
}

const USER_INFO = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;

function readAuthority(text: string): { userInfo: string | undefined; host: string } {
  const at = text.lastIndexOf('@');
  const host = readHost(text.slice(at + 1));
  if (at < 0) return { userInfo: undefined, host };
  const userInfo = text.slice(0, at);
  if (!USER_INFO.test(userInfo)) throw new UrlError('net/url: invalid userinfo');
  return { userInfo, host };
}

function splitAt(text: string, mark: string): [before: string, after: string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** What stands before the path: nothing, or `//` and an authority. */
function splitAuthority(rest: string, allowed: boolean): { authority: string | undefined; path: string } {
  if (!rest.startsWith('//') || !allowed) return { authority: undefined, path: rest };
  const slash = rest.indexOf('/', 2);
  if (slash < 0) return { authority: rest.slice(2), path: '' };
  return { authority: rest.slice(2, slash), path: rest.slice(slash) };
}

/** A request's URL has no fragment, and without a scheme no host. */
function parseUrl(raw: string, isRequest: boolean): GoUrl {
  if (CONTROL.test(raw)) throw new UrlError('net/url: invalid control character in URL');
  if (raw === '' && isRequest) throw new UrlError('empty url');
  const [whole, fragment] = isRequest ? [raw, undefined] : splitAt(raw, '#');
  const [scheme, afterScheme] = splitScheme(whole);
  const [rest, query] = splitAt(afterScheme, '?');
  const parts = { scheme, query, fragment, opaque: '', userInfo: undefined, host: '', escapedPath: '', hasHost: false };
  if (raw === '*') return { ...parts, escapedPath: '*' };
  if (!rest.startsWith('/')) return withoutPath(parts, rest, isRequest);
  const { authority, path } = splitAuthority(rest, scheme !== '' || (!isRequest && !rest.startsWith('///')));
  const escapedPath = escapePath(path);
  return authority === undefined
    ? { ...parts, escapedPath }
    : { ...parts, escapedPath, ...readAuthority(authority), hasHost: true };
}

function withoutPath(parts: GoUrl, rest: string, isRequest: boolean): GoUrl {
  if (parts.scheme !== '') return { ...parts, opaque: rest };
  if (isRequest) throw new UrlError('invalid URI for request');
  return { ...parts, escapedPath: escapePath(rest) };
}

/**
 * Reads an absolute URL or an absolute path.
 * @throws UrlError with the message of Go's url.ParseRequestURI.
 */
export function parseRequestUri(raw: string): GoUrl {
  try {
    parseUrl(raw, true);
    return parseUrl(raw, false);
  } catch (error) {
    if (!(error instanceof UrlError)) throw error;
    throw new UrlError(`parse ${quote(raw)}: ${error.message}`);
  }
}

const escapeHost = (host: string): string =>
  [...host].map((character) => (PLAIN.host.test(character) ? character : escapeAll(character))).join('');

export function formatUrl({ scheme, opaque, userInfo, host, escapedPath, query, fragment, hasHost }: GoUrl): string {
  const user = userInfo === undefined ? '' : `${userInfo.replaceAll('@', '%40')}@`;
  const head = scheme === '' ? '' : `${scheme}:`;
  const slashes = hasHost && (host !== '' || escapedPath !== '' || user !== '') ? '//' : '';
  const body = opaque === '' ? `${slashes}${user}${escapeHost(host)}${escapedPath}` : opaque;
  return `${head}${body}${query === undefined ? '' : `?${query}`}${fragment ? `#${fragment}` : ''}`;
}

/** The host without its port and without the brackets of an IPv6 address. */
export function hostName(host: string): string {
  return host.startsWith('[') ? host.slice(1, host.indexOf(']')) : (host.split(':')[0] ?? '');
}

export function portOf(host: string): string {
  return /:(\d*)$/.exec(host.slice(host.lastIndexOf(']') + 1))?.[1] ?? '';
}

/** Keys and their values; pairs that cannot be read are left out. */
export function parseQuery(query: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    if (pair === '' || pair.includes(';')) continue;
    const [key, value = ''] = splitAt(pair, '=');
    try {
      const name = unescape(key, 'query');
      values.set(name, [...(values.get(name) ?? []), unescape(value, 'query')]);
    } catch {
      // As Go: what is broken is not there.
    }
  }
  return values;
}
