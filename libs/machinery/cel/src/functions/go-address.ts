import { quote } from '@binnacle/machinery-meta';

/** What is wrong with an address, and from where on. */
interface Trouble {
  readonly message: string;
  readonly at?: string;
}

const NO_DIGIT = 'IPv4 field must have at least one digit';

function octetTrouble(octet: string): Trouble | undefined {
  const digits = /^\d*/.exec(octet)?.[0] ?? '';
  if (/^0\d/.test(digits)) return { message: 'IPv4 field has octet with leading zero' };
  return Number(digits.slice(0, 4)) > 255 ? { message: 'IPv4 field has value >255' } : undefined;
}

/** In the order in which Go's netip comes upon them. */
function quadTrouble(text: string): Trouble | undefined {
  let [start, dots] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    const octet = octetTrouble(text.slice(start, at + 1));
    if (octet) return octet;
    if (/\d/.test(letter)) continue;
    if (letter !== '.') return { message: 'unexpected character', at: text.slice(at) };
    if (at === start || at === text.length - 1) return { message: NO_DIGIT, at: text.slice(at) };
    if (dots === 3) return { message: 'IPv4 address too long' };
    [start, dots] = [at + 1, dots + 1];
  }
  return dots < 3 ? { message: 'IPv4 address too short' } : undefined;
}

/** One group of hexadecimal digits at the beginning. */
function groupTrouble(rest: string): Trouble | undefined {
  const digits = /^[0-9a-fA-F]*/.exec(rest)?.[0] ?? '';
  if (digits.length > 4) return { message: 'each group must have 4 or less digits', at: rest };
  if (digits === '') return { message: 'each colon-separated field must have at least one digit', at: rest };
  return undefined;
}

/** What stands between one group and the next. */
function colonTrouble(rest: string, elided: boolean): Trouble | undefined {
  if (!rest.startsWith(':')) return { message: 'unexpected character, want colon', at: rest };
  if (rest.length === 1) return { message: 'colon must be followed by more characters', at: rest };
  return rest[1] === ':' && elided ? { message: 'multiple :: in address', at: rest.slice(1) } : undefined;
}

function endTrouble(rest: string, groups: number, elided: boolean): Trouble | undefined {
  if (rest !== '') return { message: 'trailing garbage after address', at: rest };
  if (groups < 8) return elided ? undefined : { message: 'address string too short' };
  return elided ? { message: 'the :: must expand to at least one field of zeros' } : undefined;
}

function embeddedTrouble(rest: string, groups: number, elided: boolean): Trouble | undefined {
  if (!elided && groups !== 6) {
    return { message: 'embedded IPv4 address must replace the final 2 fields of the address', at: rest };
  }
  if (groups > 6) return { message: 'too many hex fields to fit an embedded IPv4 at the end of the address', at: rest };
  return quadTrouble(rest);
}

function groupsTrouble(text: string): Trouble | undefined {
  let elided = text.startsWith('::');
  let rest = elided ? text.slice(2) : text;
  let groups = 0;
  for (; groups < 8 && rest !== ''; groups += 1) {
    const trouble = groupTrouble(rest);
    if (trouble) return trouble;
    const after = rest.replace(/^[0-9a-fA-F]+/, '');
    if (after.startsWith('.')) return embeddedTrouble(rest, groups, elided);
    const between = after === '' ? undefined : colonTrouble(after, elided);
    if (between) return between;
    elided ||= after.startsWith('::');
    rest = after.replace(/^::?/, '');
  }
  return endTrouble(rest, groups, elided);
}

function addressTrouble(text: string): Trouble | undefined {
  const kind = /[.:%]/.exec(text)?.[0];
  if (kind === '.') return quadTrouble(text);
  if (kind === '%') return { message: 'missing IPv6 address' };
  if (kind === undefined) return { message: 'unable to parse IP' };
  const mark = text.indexOf('%');
  if (mark === text.length - 1) return { message: 'zone must be a non-empty string' };
  return groupsTrouble(mark < 0 ? text : text.slice(0, mark));
}

/** Why a text is no address, in the words of Go's netip.ParseAddr. */
export function parseAddrMessage(text: string): string {
  const { message, at } = addressTrouble(text) ?? { message: 'unable to parse IP' };
  return `ParseAddr(${quote(text)}): ${message}${at === undefined ? '' : ` (at ${quote(at)})`}`;
}
