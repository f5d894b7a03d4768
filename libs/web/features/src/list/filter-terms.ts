import { type LabelMatcher, parseLabelSelector } from '@binnacle/machinery-selectors';

interface Common {
  /** As it was typed. */
  readonly source: string;
  readonly negated: boolean;
}

/** What one part of a filter means. */
export type FilterTerm = Common &
  (
    | { readonly kind: 'word'; readonly text: string }
    /** `status:Running,Pending`: any of the values. */
    | { readonly kind: 'field'; readonly field: string; readonly values: readonly string[] }
    /** `label:app`: there is such a label. */
    | { readonly kind: 'label'; readonly key: string }
    | { readonly kind: 'labels'; readonly matcher: LabelMatcher }
    /** It is not understood, and so not applied. */
    | { readonly kind: 'error'; readonly problem: 'list' | 'quote' | 'selector' | 'field'; readonly message: string }
  );

/** A filter is typed by hand; what is longer was not. */
const MAX_FILTER = 1_000;

const KEY = String.raw`[A-Za-z0-9./_-]+`;
const IN_LIST = new RegExp(String.raw`(?:${KEY})\s+(?:not)?in\s*\([^()]*\)(?=\s|$)`, 'y');
const OPEN_LIST = new RegExp(String.raw`(?:${KEY})\s+(?:not)?in\s*\([^()]*$`, 'y');
const TOKEN = /(?:"[^"]*"|[^\s"])+/y;
const FIELD = /^([A-Za-z][A-Za-z-]*):(.*)$/s;
const SELECTOR = /^!|[=<>]/;

/** The filter in its parts: lists in parentheses and what stands in quotes are not torn apart. */
function tokensOf(query: string): string[] {
  const tokens: string[] = [];
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(query)?.[0];
    if (!found) return false;
    tokens.push(found);
    at += found.length;
    return true;
  };
  while (at < query.length) {
    if (/\s/.test(query.charAt(at))) at += 1;
    else if (!take(IN_LIST) && !take(OPEN_LIST) && !take(TOKEN)) {
      tokens.push(query.slice(at));
      break;
    }
  }
  return tokens;
}

const unquote = (text: string): string => text.replaceAll('"', '');

function selectorTerm(common: Common, text: string): FilterTerm {
  try {
    return { ...common, kind: 'labels', matcher: parseLabelSelector(text) };
  } catch (error) {
    return { ...common, kind: 'error', problem: 'selector', message: (error as Error).message };
  }
}

function fieldTerm(common: Common, name: string, value: string, fields: ReadonlySet<string>): FilterTerm {
  const field = name.toLowerCase() === 'ns' ? 'namespace' : name.toLowerCase();
  if (field === 'label') return { ...common, kind: 'label', key: unquote(value) };
  if (!fields.has(field)) return { ...common, kind: 'error', problem: 'field', message: name };
  const values = (value.match(/(?:"[^"]*"|[^,"])+/g) ?? []).map(unquote).filter(Boolean);
  return { ...common, kind: 'field', field, values };
}

const isList = (text: string): boolean => /\s(?:not)?in\s*\(/.test(text);

/** What is typed but not finished. */
function unfinished(text: string): 'list' | 'quote' | undefined {
  if ((text.match(/"/g)?.length ?? 0) % 2 === 1) return 'quote';
  return isList(text) && !text.endsWith(')') ? 'list' : undefined;
}

function finishedTerm(common: Common, text: string, fields: ReadonlySet<string>): FilterTerm | undefined {
  const [, field, value = ''] = FIELD.exec(text) ?? [];
  if (field) return value === '' ? undefined : fieldTerm(common, field, value, fields);
  const isSelector = !text.startsWith('"') && (SELECTOR.test(text) || isList(text));
  return isSelector ? selectorTerm(common, unquote(text)) : { ...common, kind: 'word', text: unquote(text) };
}

function termOf(source: string, fields: ReadonlySet<string>): FilterTerm | undefined {
  if (source === '-' || source === '!') return undefined;
  const negated = source.startsWith('-');
  const text = negated ? source.slice(1) : source;
  const common = { source, negated };
  const problem = unfinished(text);
  return problem ? { ...common, kind: 'error', problem, message: source } : finishedTerm(common, text, fields);
}

/** Reads a filter. `fields` are the names that may stand before a colon. */
export function parseFilter(query: string, fields: ReadonlySet<string>): FilterTerm[] {
  return tokensOf(query.slice(0, MAX_FILTER)).flatMap((token) => termOf(token, fields) ?? []);
}

/** The filter without one of its parts. */
export function withoutTerm(terms: readonly FilterTerm[], index: number): string {
  return terms.flatMap(({ source }, at) => (at === index ? [] : [source])).join(' ');
}
