import type { FuzzAnswer, FuzzRequest, Send } from '@binnacle/testing-fuzz';
import { type Answer, type Case, isAnswered, type Json } from './case.js';

/** One case with what both servers said. */
export interface Played {
  readonly case: Case;
  readonly ours: Answer;
  readonly theirs: Answer;
}

const PLACE = /\{\{([\w.]+)\}\}/g;

function valueAt(object: Json, path: string): string {
  let value: unknown = object;
  for (const step of path.split('.')) value = (value as Json | undefined)?.[step];
  return typeof value === 'string' ? value : '';
}

function parsed({ contentType, text }: FuzzAnswer): Json | undefined {
  if (!contentType.startsWith('application/json') || contentType.includes(';')) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Asks one server, and remembers the last object it told, from which the places of later requests are filled. */
export class Asked {
  private last: Json = {};

  constructor(private readonly send: Send) {}

  async ask(request: FuzzRequest): Promise<Answer> {
    try {
      const answer = await this.send(this.filled(request));
      this.remember(answer);
      return answer;
    } catch (error) {
      return { failure: error instanceof Error ? error.message : String(error) };
    }
  }

  private filled({ path, body, ...request }: FuzzRequest): FuzzRequest {
    const fill = (text: string) => text.replace(PLACE, (_, name: string) => valueAt(this.last, name));
    return { ...request, path: fill(path), ...(body && { body: Buffer.from(fill(body.toString())) }) };
  }

  private remember(answer: FuzzAnswer): void {
    const object = answer.status < 300 ? parsed(answer) : undefined;
    if (object?.metadata && object.kind !== 'Status') this.last = object;
  }
}

export interface Servers {
  readonly ours: Send;
  readonly theirs: Send;
}

/** Asks both servers the same, one request after the other. */
export async function* replay(cases: readonly Case[], servers: Servers): AsyncGenerator<Played> {
  const [our, their] = [new Asked(servers.ours), new Asked(servers.theirs)];
  for (const one of cases) {
    const [ours, theirs] = await Promise.all([our.ask(one.request), their.ask(one.request)]);
    yield { case: one, ours, theirs };
  }
}

/** Whether both have answered at all. */
export const bothAnswered = (played: Played): played is Played & { ours: FuzzAnswer; theirs: FuzzAnswer } =>
  isAnswered(played.ours) && isAnswered(played.theirs);
