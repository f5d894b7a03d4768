/** What a request asks for, as the client wrote it and as it is matched. */
export interface RequestTarget {
  /** As it came, beginning with `/`, without the query. */
  readonly rawPath: string;
  /** Without escapes, `.` and `..` and doubled slashes; a character is a byte. */
  readonly path: string;
  /** As it came, with its `?`; empty where there is none. */
  readonly query: string;
  /** Of a target that is a whole URL: its host, which counts before the header. */
  readonly authority?: string;
}

const ESCAPE = /%(?:([0-9A-Fa-f]{2})|.{0,2})/gs;
const ABSOLUTE = /^https?:\/\/([^/?#]+)/i;
/** What a proxy and a server might end a target at in different places. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
const FORBIDDEN = /[\0-\x20\x7f#]/;

/** Undoes escapes; undefined where one is broken. */
function unescaped(path: string): string | undefined {
  if (!path.includes('%')) return path;
  let broken = false;
  const text = path.replace(ESCAPE, (_, hex: string | undefined) => {
    if (hex === undefined) broken = true;
    return String.fromCharCode(Number.parseInt(hex ?? '0', 16));
  });
  return broken || text.includes('\0') ? undefined : text;
}

/** Takes `.`, `..` and empty elements out; undefined where a path leads above the root. */
function straight(path: string): string | undefined {
  const kept: string[] = [];
  const elements = path.split('/').slice(1);
  for (const element of elements) {
    if (element === '..' && kept.pop() === undefined) return undefined;
    if (element !== '' && element !== '.' && element !== '..') kept.push(element);
  }
  const last = elements.at(-1);
  const isFolder = kept.length > 0 && (last === '' || last === '.' || last === '..');
  return `/${kept.join('/')}${isFolder ? '/' : ''}`;
}

const isPlain = (path: string): boolean => !path.includes('%') && !path.includes('//') && !path.includes('/.');

/** The path that rules are compared with; undefined for one that is not well formed. Behaves as nginx ngx_http_parse_complex_uri. */
export function normalPath(path: string): string | undefined {
  // To some servers it is a slash.
  if (path.includes('\\')) return undefined;
  if (isPlain(path)) return path;
  const text = unescaped(path);
  return text === undefined ? undefined : straight(text);
}

/** Reads the target of a request, `/path?query` or a whole URL; undefined for anything else. */
export function readTarget(target: string): RequestTarget | undefined {
  if (FORBIDDEN.test(target)) return undefined;
  const [whole = '', authority] = ABSOLUTE.exec(target) ?? [];
  const rest = target.slice(whole.length);
  const at = rest.indexOf('?');
  const sent = at < 0 ? rest : rest.slice(0, at);
  const rawPath = sent === '' && authority !== undefined ? '/' : sent;
  if (!rawPath.startsWith('/')) return undefined;
  const path = normalPath(rawPath);
  if (path === undefined) return undefined;
  return { rawPath, path, query: at < 0 ? '' : rest.slice(at), ...(authority !== undefined && { authority }) };
}

const KEPT = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/]/g;

/** Writes a path of bytes as a request has it. */
export function escapedPath(path: string): string {
  return path.replace(KEPT, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

/** The text of an object's field as bytes, as paths are compared. */
export function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
