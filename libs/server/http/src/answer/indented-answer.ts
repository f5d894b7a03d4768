import type { ApiAnswer, ApiRequest } from '../request/api-request.js';

/** Programs whose user reads the answer with their own eyes. */
const FOR_EYES = /^(curl|wget)/i;
/** Longer answers are not read by eye, and would cost a lot to indent. */
const LONGEST = 1024 * 1024;

export function wantsIndent({ query, headers }: ApiRequest): boolean {
  const pretty = query.get('pretty');
  if (pretty !== null) return pretty !== 'false' && pretty !== '0';
  return FOR_EYES.test(headers['user-agent'] ?? '');
}

/** The same JSON, indented; whatever is not JSON stays as it is. */
export function indented(answer: ApiAnswer): ApiAnswer {
  if (!('body' in answer) || !answer.contentType.startsWith('application/json')) return answer;
  const size = answer.body.reduce((sum, piece) => sum + piece.length, 0);
  if (size === 0 || size > LONGEST) return answer;
  const text = answer.body.map(String).join('');
  return { ...answer, body: [`${JSON.stringify(JSON.parse(text), null, 2)}\n`] };
}
