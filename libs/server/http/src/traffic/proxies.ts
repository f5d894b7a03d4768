import { isIP } from 'node:net';
import type { PeerCertificate } from 'node:tls';
import type { Context } from '@binnacle/machinery-context';
import { newServiceUnavailable } from '@binnacle/machinery-meta';
import type { KubeletAddress, KubeletConnection } from '../kubelet/kubelet-connection.js';
import { bodyOf } from '../kubelet/unbelieved.js';
import { Turnstile } from '../node-metrics/turnstile.js';

const PROXY = 'system:kube-proxy';
const TIMEOUT_MILLISECONDS = 5_000;
/** More than five thousand connections take. */
const LARGEST_ANSWER = 8 * 1024 * 1024;
/** Whoever asks the same within a second is told the same. */
const FRESH_MILLISECONDS = 1_000;
const MOST_KEPT = 64;
/** Questions at a time, of all who want to know. */
const AT_ONCE = 4;

/** Who answers at the address of a proxy must show the certificate of one: the address is none that certificates are made for. */
export function whyNoProxy({ subject }: Pick<PeerCertificate, 'subject'>): Error | undefined {
  return [subject.CN ?? []].flat().includes(PROXY) ? undefined : new Error(`who answers there is not ${PROXY}`);
}

/** Reads `host:port,…` of proxies. Throws for what is none. */
export function proxyAddresses(text: string): KubeletAddress[] {
  return text
    .split(',')
    .filter(Boolean)
    .map((each) => {
      const [, host = '', port = ''] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(each.trim()) ?? [];
      if (isIP(host) === 0 || Number(port) > 65_535) throw new Error(`"${each}" is no address such as 127.0.0.1:10249`);
      return { host, port: Number(port) };
    });
}

interface Kept {
  readonly until: number;
  readonly answers: Promise<readonly unknown[]>;
}

/** Asks proxies what they carry. */
export class Proxies {
  private readonly kept = new Map<string, Kept>();
  private readonly turnstile = new Turnstile(AT_ONCE);

  constructor(
    private readonly addresses: readonly KubeletAddress[],
    private readonly connection: Pick<KubeletConnection, 'get'>,
  ) {}

  /** What those say that answer, as they say it. Rejects with ServiceUnavailable where there are some, and none does. */
  ask(ctx: Context, path: string): Promise<readonly unknown[]> {
    if (this.addresses.length === 0) return Promise.resolve([]);
    const now = ctx.clock.now();
    const known = this.kept.get(path);
    if (known && now < known.until) return known.answers;
    const answers = this.turnstile.through(() => this.askAll(ctx, path));
    // Who comes next is not told that nobody answered.
    answers.catch(() => this.kept.delete(path));
    this.kept.delete(path);
    this.kept.set(path, { until: now + FRESH_MILLISECONDS, answers });
    this.makeRoom(now);
    return answers;
  }

  private makeRoom(now: number): void {
    for (const [path, { until }] of this.kept) {
      if (until > now && this.kept.size <= MOST_KEPT) return;
      this.kept.delete(path);
    }
  }

  private async askAll(ctx: Context, path: string): Promise<readonly unknown[]> {
    const outcomes = await Promise.allSettled(this.addresses.map((address) => this.askOne(ctx, address, path)));
    const told = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    if (told.length > 0) return told;
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    throw newServiceUnavailable(`no kube-proxy can be asked: ${String(failed?.reason?.message ?? failed?.reason)}`);
  }

  /** Others wait for the same answer: it does not end with the request that asked first. */
  private async askOne({ clock }: Context, address: KubeletAddress, path: string): Promise<unknown> {
    const late = new AbortController();
    const cancel = clock.after(TIMEOUT_MILLISECONDS, () => late.abort(new Error('kube-proxy does not answer in time')));
    try {
      const answer = await this.connection.get(address, path, late.signal);
      if (answer.statusCode === 200) return JSON.parse(await bodyOf(answer, LARGEST_ANSWER));
      answer.destroy();
      throw new Error(`kube-proxy answers ${answer.statusCode}`);
    } finally {
      cancel();
    }
  }
}
