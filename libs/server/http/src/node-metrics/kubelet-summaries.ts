import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { RequestContext } from '@binnacle/server-registry';
import { parseBody, type StoredObject } from '@binnacle/server-storage';
import type { MayAsk } from '../clusters/cluster-networks.js';
import { kubeletAddress, type KubeletConnection } from '../kubelet/kubelet-connection.js';
import type { Summary } from './summary.js';

const FRESH_MILLISECONDS = 10_000;
const TIMEOUT_MILLISECONDS = 10_000;
const LARGEST_SUMMARY = 32 * 1024 * 1024;
/** Nodes whose figures are kept; the oldest go first. */
const MOST_KEPT = 10_000;
const AT_ONCE = 32;

interface Kept {
  readonly at: number;
  readonly summary: Promise<Summary | undefined>;
}

/** What kubelets measure, asked of each no more often than every ten seconds, and only when somebody wants to know. */
export class KubeletSummaries {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly kubelets: Pick<KubeletConnection, 'get'>,
    private readonly mayAsk: MayAsk,
  ) {}

  /** Of the nodes that answer, by name. */
  async of(ctx: RequestContext, nodes: readonly StoredObject[]): Promise<Map<string, Summary>> {
    const found = new Map<string, Summary>();
    const left = nodes.values();
    const work = async () => {
      for (const node of left) {
        const summary = await this.one(ctx, node);
        if (summary) found.set(node.key.name, summary);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, nodes.length) }, work));
    return found;
  }

  private one(ctx: RequestContext, node: StoredObject): Promise<Summary | undefined> {
    const key = `${node.key.cluster}/${node.key.name}`;
    const now = ctx.clock.now();
    const known = this.kept.get(key);
    if (known && now - known.at < FRESH_MILLISECONDS) return known.summary;
    // One that cannot be asked has no figures, as metrics-server has it.
    const summary = this.ask(ctx, node).catch(() => undefined);
    this.kept.delete(key);
    this.kept.set(key, { at: now, summary });
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MOST_KEPT) break;
      this.kept.delete(oldest);
    }
    return summary;
  }

  private async ask(ctx: RequestContext, node: StoredObject): Promise<Summary | undefined> {
    const address = kubeletAddress(parseBody(node) as unknown as Node);
    if (!address || !(await this.mayAsk(ctx, node.key.cluster, address.host))) return undefined;
    // Others wait for the same answer, so that it does not end with the request that asked first.
    const late = new AbortController();
    const cancel = ctx.clock.after(TIMEOUT_MILLISECONDS, () =>
      late.abort(new Error('the kubelet does not answer in time')),
    );
    try {
      const answer = await this.kubelets.get(address, '/stats/summary', late.signal);
      const chunks: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of answer) {
        chunks.push(chunk as Buffer);
        bytes += (chunk as Buffer).length;
        if (bytes > LARGEST_SUMMARY) throw new Error('the kubelet answers too much');
      }
      if (answer.statusCode !== 200) return undefined;
      return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Summary;
    } finally {
      cancel();
    }
  }
}
