import { newBadRequest } from '@binnacle/machinery-meta';

const LONGEST = 100;
const ODD = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

/** One line to tell it from others by. @throws BadRequest */
export function passkeyName(text: unknown): string {
  const name = typeof text === 'string' ? text.trim() : '';
  if (name !== '' && name.length <= LONGEST && !ODD.test(name)) return name;
  throw newBadRequest(`name must be one line of at most ${LONGEST} characters`);
}
