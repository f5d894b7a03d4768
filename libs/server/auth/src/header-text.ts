const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Names come as UTF-8, of which Node makes a character of each byte; what a page offers has its characters already. */
function readable(value: string): string {
  if (!/[\x80-\xff]/.test(value) || /[^\0-\xff]/.test(value)) return value;
  try {
    return utf8.decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}

/** The first value of a header that says who somebody is; empty without one. */
export const headerText = (header: string | string[] | undefined): string => readable([header].flat()[0] ?? '');

/** All of them. A header that is repeated comes joined. */
export const headerTexts = (header: string | string[] | undefined): string[] =>
  header === undefined ? [] : [header].flat().flatMap((value) => readable(value).split(', '));

/** The key in a header's name, in which what no name may have is escaped. */
export function keyInName(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    // Upstream, too, takes a key that is not well escaped as it is.
    return key;
  }
}
