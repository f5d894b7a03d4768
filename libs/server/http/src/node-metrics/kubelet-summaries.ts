import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { RequestContext } from '@binnacle/server-registry';
import { parseBody, type StoredObject } from '@binnacle/server-storage';
import type { MayAsk } from '../clusters/cluster-networks.js';
import { kubeletAddress, type KubeletAddress, type KubeletConnection } from '../kubelet/kubelet-connection.js';
import { bodyOf } from '../kubelet/unbelieved.js';
import { KeptAnswers } from './kept-answers.js';
import type { MeasuredNode } from './measured.js';
import { readSummary } from './read-summary.js';
import { Turnstile } from './turnstile.js';

const TIMEOUT_MILLISECONDS = 10_000;
/** Four times what a kubelet of 250 Pods says, in bytes: more is not read, and takes no longer to parse than one may wait. */
const LARGEST_SUMMARY = 2 * 1024 * 1024;
/** Kubelets asked at a time, by all who want to know. */
const AT_ONCE = 16;
const PATH = '/stats/summary?only_cpu_and_memory=true';

/** Nobody has heard from it for so long that it is not worth waiting for. */
const isSilent = ({ status }: Node): boolean =>
  status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'Unknown') ?? false;

/** What kubelets measure, asked of each no more often than every ten seconds, and only when somebody wants to know. */
export class KubeletSummaries {
  private readonly kept = new KeptAnswers();
  private readonly turnstile = new Turnstile(AT_ONCE);
  private readonly addresses = new WeakMap<StoredObject, KubeletAddress>();

  constructor(
    private readonly kubelets: Pick<KubeletConnection, 'get'>,
    private readonly mayAsk: MayAsk,
  ) {}

  /** Of the nodes that answer, by name. */
  async of(ctx: RequestContext, nodes: readonly StoredObject[]): Promise<Map<string, MeasuredNode>> {
    const found = new Map<string, MeasuredNode>();
    const look = async (node: StoredObject) => {
      const measured = await this.one(ctx, node);
      if (measured) found.set(node.key.name, measured);
    };
    await Promise.all(nodes.map(look));
    return found;
  }

  /** Of one node; undefined where it does not answer. */
  one(ctx: RequestContext, node: StoredObject): Promise<MeasuredNode | undefined> {
    const key = `${node.key.cluster}/${node.key.name}`;
    return this.kept.of(key, ctx.clock.now(), () => this.turnstile.through(() => this.ask(ctx, node)));
  }

  private addressOf(node: StoredObject): KubeletAddress | undefined {
    const known = this.addresses.get(node);
    if (known) return known;
    const read = parseBody(node) as unknown as Node;
    const address = isSilent(read) ? undefined : kubeletAddress(read);
    if (address) this.addresses.set(node, address);
    return address;
  }

  private async ask(ctx: RequestContext, node: StoredObject): Promise<MeasuredNode | undefined> {
    const address = this.addressOf(node);
    if (!address || !(await this.mayAsk(ctx, node.key.cluster, address.host))) return undefined;
    // Others wait for the same answer, so that it does not end with the request that asked first.
    const late = new AbortController();
    const cancel = ctx.clock.after(TIMEOUT_MILLISECONDS, () =>
      late.abort(new Error('the kubelet does not answer in time')),
    );
    try {
      const answer = await this.kubelets.get(address, PATH, late.signal);
      if (answer.statusCode === 200) return readSummary(JSON.parse(await bodyOf(answer, LARGEST_SUMMARY)));
      answer.destroy();
      return undefined;
    } finally {
      cancel();
    }
  }
}
