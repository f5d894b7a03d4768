import type { Node, NodeStatus } from '@binnacle/apis-kubernetes/core/v1';
import type { ResourceClient } from '@binnacle/client-rest';
import { createInformer, type Informer } from '@binnacle/client-informers';
import { type CancelTimer, type Context, sleep } from '@binnacle/machinery-context';
import { ignoreNotFound, isForbidden, isInvalid } from '@binnacle/machinery-meta';
import type { ImageStatus } from '@binnacle/node-cri';
import {
  type NodeDescription,
  type NodeHealth,
  newNode,
  nodeStatus,
  wellKnownAnnotations,
  wellKnownLabels,
  withoutHeartbeat,
} from './node-object.js';

const RETRY_MILLISECONDS = 1000;
const CHECK_MILLISECONDS = 10_000;
/** An unchanged status is told again so seldom; the lease says that the node lives. */
const REPORT_MILLISECONDS = 300_000;

export interface NodeRegistrationOptions {
  readonly node: NodeDescription;
  readonly client: ResourceClient<Node>;
  readonly health: (node: Node | undefined) => NodeHealth;
  readonly images: () => Promise<readonly ImageStatus[]>;
  /** The volumes that were attached for the node's Pods. */
  readonly volumesInUse?: () => readonly string[];
  /** False for a node that is no more once somebody deletes its object. */
  readonly comesBack?: boolean;
  /** Records an Event about the node. */
  readonly event: (reason: string, message: string) => void;
}

type Amounts = NonNullable<NodeStatus['allocatable']>;

const revision = (node: Node | undefined) => Number(node?.metadata.resourceVersion ?? 0);

const readiness = (status: NodeStatus) => status.conditions?.find(({ type }) => type === 'Ready')?.status;

/** A stable text of what is compared: key order does not count. */
function text(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

const lacks = (has: Readonly<Record<string, string>> = {}, wanted: Readonly<Record<string, string>>): boolean =>
  Object.entries(wanted).some(([key, value]) => has[key] !== value);

/** What can no longer be had is taken out by name: a merge keeps what it does not name. */
function withTaken(amounts: Amounts = {}, before: Amounts = {}): Readonly<Record<string, string | number | null>> {
  const gone = Object.keys(before).filter((name) => amounts[name] === undefined);
  return { ...Object.fromEntries(gone.map((name) => [name, null])), ...amounts };
}

/** What a Node that is there already lacks of what it should be, as a merge patch. */
function missingOf(node: NodeDescription, { metadata, spec }: Node): object | undefined {
  const [labels, annotations, { providerId }] = [wellKnownLabels(node), wellKnownAnnotations(node), node];
  const isClaimed = !providerId || spec?.providerID === providerId;
  if (isClaimed && !lacks(metadata.labels, labels) && !lacks(metadata.annotations, annotations)) return undefined;
  return { metadata: { labels, annotations }, ...(!isClaimed && { spec: { providerID: providerId } }) };
}

/** Registers the node and keeps its status told: at once when it changed, else every five minutes. */
export class NodeRegistration {
  readonly informer: Informer<Node>;
  private reportedAt = Number.NEGATIVE_INFINITY;
  private reporting = false;
  private again = false;
  private registered = false;
  /** As it was last written, until the informer knows better. */
  private known: Node | undefined;
  private cancel: CancelTimer = () => undefined;
  private lastRefusal = '';

  constructor(
    /** Of the time it is followed. */
    private ctx: Context,
    private readonly options: NodeRegistrationOptions,
  ) {
    const fieldSelector = `metadata.name=${options.node.name}`;
    this.informer = createInformer(options.client, { selection: { fieldSelector } });
    const changed = () => this.wake();
    this.informer.addHandler({ added: changed, updated: changed, deleted: () => this.forget() });
  }

  get current(): Node | undefined {
    const seen = this.informer.get(this.options.node.name);
    return seen && revision(seen) >= revision(this.known) ? seen : this.known;
  }

  /**
   * Resolves once the node is registered, however long that takes, and follows it until the context aborts. May be called again
   * then: what happened in between is seen.
   */
  async start(ctx: Context): Promise<void> {
    this.ctx = ctx;
    ctx.signal.addEventListener('abort', () => this.cancel(), { once: true });
    if (this.registered) this.wake();
    else await this.register();
    void this.informer.run(ctx).catch((error: unknown) => {
      if (!ctx.signal.aborted) ctx.logger.error('the node is no longer watched', { error });
    });
  }

  /** Looks whether the API server knows what there is to know. */
  wake(): void {
    if (!this.registered || this.ctx.signal.aborted) return;
    if (this.reporting) this.again = true;
    else void this.report();
  }

  private forget(): void {
    this.known = undefined;
    if (this.options.comesBack !== false) void this.register();
  }

  private async register(): Promise<void> {
    while (!this.ctx.signal.aborted) {
      try {
        this.known = await this.ensure();
        this.registered = true;
        return this.wake();
      } catch (error) {
        this.refused(error);
        await sleep(this.ctx, RETRY_MILLISECONDS).catch(() => undefined);
      }
    }
  }

  /** A refusal stays until somebody does something about it: it is said aloud, once. */
  private refused(error: unknown): void {
    const text = String(error);
    const level = (isForbidden(error) || isInvalid(error)) && text !== this.lastRefusal ? 'warn' : 'debug';
    this.lastRefusal = text;
    this.ctx.logger[level]('the node could not be registered', { error });
  }

  private async ensure(): Promise<Node> {
    const { node, client } = this.options;
    const existing = await ignoreNotFound(client.get(this.ctx, { name: node.name }));
    if (!existing) {
      const created = await client.create(this.ctx, newNode(node));
      this.ctx.logger.info('node registered');
      return created;
    }
    const missing = missingOf(node, existing);
    return missing ? await client.patch(this.ctx, { name: node.name }, 'merge', missing) : existing;
  }

  private async report(): Promise<void> {
    this.reporting = true;
    this.cancel();
    try {
      do {
        this.again = false;
        await this.tell();
      } while (this.again);
    } catch (error) {
      this.ctx.logger.debug('the node status could not be told', { error });
    } finally {
      this.reporting = false;
      if (!this.ctx.signal.aborted) this.cancel = this.ctx.clock.after(CHECK_MILLISECONDS, () => this.wake());
    }
  }

  private tellReadiness(before: NodeStatus, after: NodeStatus): void {
    const [was, is] = [readiness(before), readiness(after)];
    // A node that is new is not ready yet: that is no news.
    if (was === is || (was === undefined && is !== 'True')) return;
    const reason = is === 'True' ? 'NodeReady' : 'NodeNotReady';
    this.options.event(reason, `Node ${this.options.node.name} status is now: ${reason}`);
  }

  private async tell(): Promise<void> {
    const { node, client, health, images, volumesInUse } = this.options;
    const { current, ctx } = this;
    if (!current) return;
    const now = ctx.clock.now();
    const known = current.status ?? {};
    const facts = { condition: health(current), images: await images(), volumesInUse: volumesInUse?.() ?? [], now };
    const status = nodeStatus(node, known, facts);
    const changed = text(withoutHeartbeat(status)) !== text(withoutHeartbeat(known));
    if (!changed && now - this.reportedAt < REPORT_MILLISECONDS) return;
    const patch = { status: { ...status, allocatable: withTaken(status.allocatable, known.allocatable) } };
    this.known = await client.patch(ctx, { name: node.name }, 'strategic', patch, 'status');
    this.reportedAt = now;
    this.tellReadiness(known, status);
  }
}
