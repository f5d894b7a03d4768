const LONGEST_PATTERN = 256;

/** Beyond this product of lengths a search could take longer than both texts are long. */
const SAFE_PRODUCT = 1_000_000;

/** For each end of the part, how much of its beginning stands there. */
function borders(part: string): Uint16Array {
  const found = new Uint16Array(part.length);
  for (let at = 1, length = 0; at < part.length; at += 1) {
    while (length > 0 && part[at] !== part[length]) length = found[length - 1] as number;
    if (part[at] === part[length]) length += 1;
    found[at] = length;
  }
  return found;
}

/** As `indexOf`, in time linear in the text whatever it holds (Knuth, Morris and Pratt). */
export function indexOf(text: string, part: string, from: number): number {
  if (part.length < 2 || text.length * part.length < SAFE_PRODUCT) return text.indexOf(part, from);
  const known = borders(part);
  for (let at = from, matched = 0; at < text.length; at += 1) {
    while (matched > 0 && text[at] !== part[matched]) matched = known[matched - 1] as number;
    if (text[at] === part[matched]) matched += 1;
    if (matched === part.length) return at - matched + 1;
  }
  return -1;
}

/** Matches without a regular expression, so that no pattern can take longer than the text is long. */
function matchesParts(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = indexOf(text, part, at);
    if (found < 0 || found + part.length > text.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

/** A test by a pattern in which `*` stands for any text, upper and lower case alike; undefined for one that is too long. */
export function likePattern(pattern: string): ((text: string) => boolean) | undefined {
  if (pattern.length > LONGEST_PATTERN) return undefined;
  const parts = pattern.toLowerCase().split('*');
  return (text) => matchesParts(text.toLowerCase(), parts);
}
