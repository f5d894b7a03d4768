import { createHash } from 'node:crypto';

const MOST = 10_000;

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/**
 * What was found out about tokens once and stays true of them, so that a signature is checked once and not with each request. Tokens
 * themselves are not kept. The oldest go first.
 */
export class RememberedTokens<T> {
  private readonly known = new Map<string, T>();

  constructor(private readonly most = MOST) {}

  get(token: string): T | undefined {
    return this.known.get(digestOf(token));
  }

  set(token: string, value: T): void {
    if (this.known.size >= this.most) this.known.delete(this.known.keys().next().value ?? '');
    this.known.set(digestOf(token), value);
  }

  clear(): void {
    this.known.clear();
  }
}
