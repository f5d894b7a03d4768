import type { ClientConfig } from '@binnacle/client-rest';
import { type JsonAnswer, RawApi, type RawCall } from './raw-api.js';

/** A browser that keeps the cookies of one address, and asks as a page of that address would. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();
  private readonly api: RawApi;

  constructor(
    config: Pick<ClientConfig, 'server' | 'ca'>,
    /** What it has in its address bar, with the port. */
    readonly host: string,
  ) {
    this.api = new RawApi(config);
  }

  get origin(): string {
    return `https://${this.host}`;
  }

  /** As a script of the page asks. */
  call(path: string, { headers = {}, ...call }: RawCall = {}): Promise<JsonAnswer> {
    return this.send(path, {
      ...call,
      headers: { 'x-binnacle-csrf': '1', 'sec-fetch-site': 'same-origin', ...headers },
    });
  }

  post(path: string, body: unknown = {}, headers: RawCall['headers'] = {}): Promise<JsonAnswer> {
    return this.call(path, { method: 'POST', body, headers });
  }

  /** As it goes to a page; from another site it brings only what may come from there. */
  async visit(path: string, from: 'here' | 'elsewhere' = 'here'): Promise<JsonAnswer> {
    const site = { 'sec-fetch-site': from === 'here' ? 'same-origin' : 'cross-site', 'sec-fetch-mode': 'navigate' };
    const all = new Map(this.cookies);
    // What is Strict stays at home.
    if (from === 'elsewhere') for (const name of all.keys()) if (!name.includes('_oidc_')) this.cookies.delete(name);
    const answer = await this.send(path, { headers: site });
    for (const [name, value] of all)
      if (from === 'elsewhere' && !name.includes('_oidc_') && !this.cookies.has(name)) this.cookies.set(name, value);
    return answer;
  }

  async user(): Promise<string | undefined> {
    return (await this.call('/auth/session')).json.user;
  }

  close(): void {
    this.api.close();
  }

  private async send(path: string, { headers, ...call }: RawCall): Promise<JsonAnswer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = { host: this.host, ...(cookie && { cookie }), ...headers };
    const answer = await this.api.call(path, { ...call, headers: sent });
    for (const line of answer.headers['set-cookie'] ?? []) this.keep(line);
    return answer;
  }

  private keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '' || line.includes('Max-Age=0')) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
