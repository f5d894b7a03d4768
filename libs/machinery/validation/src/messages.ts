/** The sentences that format checks share, word for word those of kubernetes apimachinery pkg/util/validation. */
export const FIELD_IMMUTABLE = 'field is immutable';
export const MUST_NOT_BE_NEGATIVE = 'must be greater than or equal to 0';
export const MUST_NOT_BE_EMPTY = 'must be non-empty';

export function maxLength(length: number): string {
  return `must be no more than ${length} characters`;
}

export function inclusiveRange(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`;
}

export function patternMessage(message: string, pattern: string, ...examples: string[]): string {
  const rule = `regex used for validation is '${pattern}'`;
  if (examples.length === 0) return `${message} (${rule})`;
  return `${message} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}${rule})`;
}
