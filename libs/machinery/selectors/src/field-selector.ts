import { newBadRequest } from '@binnacle/machinery-meta';

/** One condition on a selectable field. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

const escapeValue = (value: string): string => value.replace(/[\\,=]/g, '\\$&');

/** Chooses objects by their selectable fields: all requirements must hold. */
export class FieldMatcher {
  static readonly everything = new FieldMatcher([]);

  constructor(readonly requirements: readonly FieldRequirement[]) {}

  get matchesEverything(): boolean {
    return this.requirements.length === 0;
  }

  /** `valueOf` answers the object's value of a field, the empty string where it has none. */
  matches(valueOf: (field: string) => string): boolean {
    return this.requirements.every(({ field, operator, value }) => (valueOf(field) === value) === (operator === '='));
  }

  /** The one value the field must have, if the selector says so. */
  exactValue(field: string): string | undefined {
    return this.requirements.find((requirement) => requirement.field === field && requirement.operator === '=')?.value;
  }

  /** The first field that is not among those a kind supports. */
  unsupportedField(isSupported: (field: string) => boolean): string | undefined {
    return this.requirements.find(({ field }) => !isSupported(field))?.field;
  }

  toString(): string {
    return this.requirements.map(({ field, operator, value }) => `${field}${operator}${escapeValue(value)}`).join(',');
  }
}

/** Splits at commas that are not escaped; the escapes stay. */
function splitTerms(text: string): string[] {
  const terms = text.match(/(?:\\[\s\S]|[^\\,]|\\$)+/g) ?? [];
  return terms.filter((term) => term !== '').sort();
}

function unescapeValue(raw: string): string {
  const bad = /^(?:[^\\,=]|\\[\\,=])*/.exec(raw)?.[0].length ?? 0;
  if (bad === raw.length) return raw.replace(/\\([\\,=])/g, '$1');
  if (raw[bad] === '\\') {
    throw newBadRequest(`invalid field selector: invalid escape sequence: ${raw.slice(bad, bad + 2)}`);
  }
  throw newBadRequest(`invalid field selector: unescaped character in value: ${raw.charCodeAt(bad)}`);
}

function parseTerm(term: string, whole: string): FieldRequirement {
  const match = /!=|==|=/.exec(term);
  if (!match) throw newBadRequest(`invalid selector: '${whole}'; can't understand '${term}'`);
  const value = unescapeValue(term.slice(match.index + match[0].length));
  return { field: term.slice(0, match.index), operator: match[0] === '!=' ? '!=' : '=', value };
}

/**
 * Reads `spec.nodeName=a,status.phase!=Running`; `\,` and `\=` in values stand for themselves.
 * @throws StatusError BadRequest with upstream's message.
 */
export function parseFieldSelector(text: string): FieldMatcher {
  const requirements = splitTerms(text)
    .map((term) => parseTerm(term, text))
    .filter(({ field, value }) => field !== '' || value !== '');
  return requirements.length === 0 ? FieldMatcher.everything : new FieldMatcher(requirements);
}
