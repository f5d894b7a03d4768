import { vi } from 'vitest';

/** A request that a page made. */
export interface AskedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

type Answer = (request: AskedRequest) => unknown;

/** What is answered to `METHOD /path`, the query left away; a function may look at the request. */
export type Answers = Readonly<Record<string, Answer | object>>;

const REASONS: Readonly<Record<number, string>> = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound' };

/** A Status of that code. */
export const refusal = (code: number, more: object = {}): Response =>
  Response.json(
    { kind: 'Status', code, reason: REASONS[code] ?? 'Refused', message: 'refused', ...more },
    { status: code },
  );

/** Stands for the server behind a page; answers what was asked of it. What it does not know is not found. */
export function answerWith(answers: Answers): AskedRequest[] {
  const asked: AskedRequest[] = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    const { method = 'GET', body, headers = {} } = init;
    const request: AskedRequest = {
      method,
      path,
      body: typeof body === 'string' ? JSON.parse(body) : undefined,
      headers: headers as Record<string, string>,
    };
    asked.push(request);
    const known = answers[`${method} ${path.split('?')[0]}`];
    const answer = typeof known === 'function' ? (known as Answer)(request) : known;
    if (answer instanceof Response) return answer;
    return answer === undefined ? refusal(404) : Response.json(answer);
  });
  return asked;
}
