import type {
  FlowSchema,
  FlowSchemaCondition,
  PriorityLevelConfiguration,
} from '@binnacle/apis-kubernetes/flowcontrol/v1';
import { applyConfiguration } from '@binnacle/machinery-apply';
import { formatTime, sleep } from '@binnacle/machinery-context';
import { isConflict, isNotFound, type UnstructuredObject } from '@binnacle/machinery-meta';
import {
  AppliedObject,
  managedWrite,
  type Registry,
  type RequestContext,
  type ResourceStore,
} from '@binnacle/server-registry';
import type { Watch } from '@binnacle/server-storage';
import type { FlowControl } from './flow-control.js';

const GROUP = 'flowcontrol.apiserver.k8s.io';
const FIELD_MANAGER = 'api-priority-and-fairness-config-consumer-v1';
export const ADJUST_EVERY_MILLISECONDS = 10_000;
const AGAIN_AFTER_MILLISECONDS = 1_000;

function danglingCondition(schema: FlowSchema, isUsable: boolean, now: number): FlowSchemaCondition {
  const level = schema.spec?.priorityLevelConfiguration?.name ?? '';
  const what = `This FlowSchema references the PriorityLevelConfiguration object named "${level}"`;
  return {
    type: 'Dangling',
    status: isUsable ? 'False' : 'True',
    lastTransitionTime: formatTime(now),
    reason: isUsable ? 'Found' : 'NotFound',
    message: isUsable ? `${what} and it exists` : `${what} but there is no such object`,
  };
}

function says(schema: FlowSchema, { status, reason, message }: FlowSchemaCondition): boolean {
  const current = schema.status?.conditions?.find(({ type }) => type === 'Dangling');
  return current?.status === status && current?.reason === reason && current?.message === message;
}

const configurationOf = (name: string, condition: FlowSchemaCondition): UnstructuredObject => ({
  apiVersion: `${GROUP}/v1`,
  kind: 'FlowSchema',
  metadata: { name },
  status: { conditions: [condition] },
});

/**
 * Keeps flow control as the objects of one logical cluster say, and says in the objects what is wrong with them. Behaves
 * as apiserver pkg/util/flowcontrol configController.
 */
export class FlowControlConfiguration {
  private readonly levels: ResourceStore;
  private readonly schemas: ResourceStore;
  private readonly stopping = new AbortController();
  private digesting: Promise<void> = Promise.resolve();

  private readonly ctx: RequestContext;

  constructor(
    ctx: RequestContext,
    registry: Pick<Registry, 'get'>,
    private readonly control: FlowControl,
  ) {
    this.ctx = { ...ctx, signal: AbortSignal.any([ctx.signal, this.stopping.signal]) };
    this.levels = registry.get(GROUP, 'v1', 'prioritylevelconfigurations');
    this.schemas = registry.get(GROUP, 'v1', 'flowschemas');
  }

  /** Reads the objects, then follows them until `stop` or until the context aborts. */
  async start(): Promise<void> {
    await this.digest();
    void this.follow(this.levels);
    void this.follow(this.schemas);
    void this.adjust();
  }

  stop(): void {
    this.stopping.abort(new Error('flow control is no longer configured'));
  }

  /** Takes over what the objects say now; one after the other, so that the newest is what stays. */
  digest(): Promise<void> {
    const next = this.digesting.catch(() => undefined).then(() => this.digestNow());
    this.digesting = next;
    return next;
  }

  private async digestNow(): Promise<void> {
    const levels = (await this.all(this.levels)) as PriorityLevelConfiguration[];
    const schemas = (await this.all(this.schemas)) as FlowSchema[];
    this.control.configure(levels, schemas);
    await Promise.all(schemas.map((schema) => this.report(schema)));
  }

  private async all(store: ResourceStore): Promise<unknown[]> {
    const { items } = await store.list(this.ctx, {}, { revision: { at: 'latest' } });
    return items.map((item) => store.decode(item));
  }

  private async report(schema: FlowSchema): Promise<void> {
    const { ctx, control } = this;
    const condition = danglingCondition(schema, control.levels.isUsable(schema), ctx.clock.now());
    if (says(schema, condition)) return;
    const place = { namespace: '', name: schema.metadata.name ?? '' };
    const options = { rules: 'status', subresource: 'status', pure: true, unconditional: true } as const;
    try {
      await this.schemas.update(ctx, place, this.saying(place.name, condition), options);
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  /** By a server-side apply, as upstream does: others may say more of the same status. */
  private saying(name: string, condition: FlowSchemaCondition) {
    const owner = { fieldManager: FIELD_MANAGER, subresource: 'status' };
    const write = { ...managedWrite(this.schemas.core, this.ctx, owner), force: true };
    return (object: UnstructuredObject, owners: string): AppliedObject => {
      const made = applyConfiguration({ object, owners }, configurationOf(name, condition), write);
      return new AppliedObject(made.object, made.owners);
    };
  }

  private async follow(store: ResourceStore): Promise<void> {
    const { ctx } = this;
    while (!ctx.signal.aborted) {
      try {
        await this.followOnce(store);
      } catch (error) {
        if (!ctx.signal.aborted) ctx.logger.warn('the configuration of flow control is read again later', { error });
      }
      await sleep(ctx, AGAIN_AFTER_MILLISECONDS).catch(() => undefined);
    }
  }

  private async followOnce(store: ResourceStore): Promise<void> {
    const { ctx } = this;
    const watch: Watch = await store.watch(ctx, {}, {});
    const close = () => watch.close();
    ctx.signal.addEventListener('abort', close, { once: true });
    try {
      for await (const batch of watch) {
        if (batch.some(({ kind }) => kind === 'change')) await this.digest();
      }
    } finally {
      ctx.signal.removeEventListener('abort', close);
      close();
    }
  }

  private async adjust(): Promise<void> {
    const { ctx, control } = this;
    while (!ctx.signal.aborted) {
      await sleep(ctx, ADJUST_EVERY_MILLISECONDS).catch(() => undefined);
      control.levels.adjust();
    }
  }
}
