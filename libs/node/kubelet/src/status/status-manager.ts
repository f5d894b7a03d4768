import type { Pod, PodCondition, PodStatus } from '@binnacle/apis-kubernetes/core/v1';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { isConflict, isNotFound } from '@binnacle/machinery-meta';
import { podName, podNamespace, podUid } from '../pod/identity.js';
import { isStatic, type PodSource } from '../pod/source.js';
import { RESIZE_CONDITIONS } from './resize-conditions.js';
import type { StatusSink } from './status-sink.js';

/** A Pod that is about to run soon changes again: what it says meanwhile may wait for that. */
const PENDING_DELAY_MILLISECONDS = 150;
const RETRY_MILLISECONDS = 1000;
const LONGEST_RETRY_MILLISECONDS = 10_000;

/** The object that shows a Pod's status: itself, or the mirror of a static Pod. */
export interface ApiIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly status?: PodStatus;
}

interface Entry {
  pod: Pod;
  readonly source: PodSource;
  wanted: PodStatus;
  sent: PodStatus | undefined;
  /** Of the object that `sent` was told to. */
  sentUid: string | undefined;
  failures: number;
  active: Promise<void> | undefined;
  /** Of the object as this node last wrote it, or first knew it. */
  revision: number;
  /** The newest of the object that has been seen, where it has not been looked at yet. */
  seen: Pod | undefined;
  /** Asked to tell it once more while a request was under way. */
  again: boolean;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A list that must replace the one there is although its key would merge them. */
const replaced = (list: readonly object[]) => [...list, { $patch: 'replace' }];

/** A merge keeps what it does not name: what a condition no longer says is taken out by name. */
function cleared(condition: PodCondition, before: PodCondition | undefined): Record<string, unknown> {
  const gone = Object.keys(before ?? {}).filter((key) => !(key in condition));
  return { ...Object.fromEntries(gone.map((key) => [key, null])), ...condition };
}

function changedConditions(wanted: readonly PodCondition[], sent: readonly PodCondition[]): object[] {
  const over = sent.filter(
    ({ type }) => RESIZE_CONDITIONS.includes(type) && !wanted.some((condition) => condition.type === type),
  );
  const changed = wanted.flatMap((condition) => {
    const before = sent.find(({ type }) => type === condition.type);
    return same(condition, before) ? [] : [cleared(condition, before)];
  });
  return [...changed, ...over.map(({ type }) => ({ type, $patch: 'delete' }))];
}

/** What is to be sent so that `sent` becomes `wanted`; other writers' conditions are left alone. */
export function statusPatch(wanted: PodStatus, sent: PodStatus): Record<string, unknown> | undefined {
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(wanted) as Array<keyof PodStatus>) {
    if (same(wanted[key], sent[key])) continue;
    if (key === 'conditions') {
      const conditions = changedConditions(wanted.conditions ?? [], sent.conditions ?? []);
      if (conditions.length > 0) patch.conditions = conditions;
    } else if (key === 'podIPs' || key === 'hostIPs') patch[key] = replaced(wanted[key] ?? []);
    else patch[key] = wanted[key];
  }
  return Object.keys(patch).length > 0 ? patch : undefined;
}

const revisionOf = (pod: Pod | undefined): number => Number(pod?.metadata.resourceVersion ?? 0);

/** Whether an object says something else than its node does, such as that a Pod is not ready whose node was not heard of. */
function contradicts({ status = {} }: Pod, wanted: PodStatus): boolean {
  const shown = new Map(status.conditions?.map((condition) => [condition.type, condition.status]));
  const isOther = wanted.conditions?.some((condition) => shown.get(condition.type) !== condition.status);
  return status.phase !== wanted.phase || isOther === true;
}

/**
 * Tells the API server the status of Pods: the newest of each, one request at a time, again and again until it is told.
 * Behaves as kubernetes pkg/kubelet/status.
 */
export class StatusManager implements StatusSink {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly ctx: Context,
    private readonly pods: ResourceClient<Pod>,
    private readonly mirrorOf: (pod: Pod) => ApiIdentity | undefined,
  ) {}

  set(pod: Pod, status: PodStatus, source: PodSource): void {
    const entry = this.entry(pod, source);
    [entry.pod, entry.wanted] = [pod, status];
    if (!entry.active) entry.active = this.send(entry, status.phase === 'Pending' ? PENDING_DELAY_MILLISECONDS : 0);
  }

  /** Tells everything once more that its object does not show, for example after a mirror Pod was made. */
  resync(): void {
    for (const entry of this.entries.values()) {
      entry.again = true;
      entry.active ??= this.send(entry, 0);
    }
  }

  seen(pod: Pod): void {
    const entry = this.entries.get(podUid(pod));
    if (!entry) return;
    entry.seen = pod;
    if (!entry.active) this.correct(entry);
  }

  async finish(ctx: Context, pod: Pod, source: PodSource): Promise<void> {
    if (isStatic(source)) return;
    const entry = this.entries.get(podUid(pod));
    if (entry) {
      await entry.active;
      await this.tell(entry);
    }
    const name = { name: podName(pod), namespace: podNamespace(pod) };
    const options = { gracePeriodSeconds: 0, preconditions: { uid: podUid(pod) } };
    await this.pods.delete(ctx, name, options).catch((error: unknown) => {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    });
  }

  forget(pod: Pod): void {
    this.entries.delete(podUid(pod));
  }

  private entry(pod: Pod, source: PodSource): Entry {
    const known = this.entries.get(podUid(pod));
    if (known) return known;
    const entry = {
      pod,
      source,
      wanted: {},
      sent: undefined,
      sentUid: undefined,
      failures: 0,
      active: undefined,
      revision: revisionOf(pod),
      seen: undefined,
      again: false,
    };
    this.entries.set(podUid(pod), entry);
    return entry;
  }

  /** Behaves as kubernetes pkg/kubelet/status needsReconcile. What is older than this node's last word is no contradiction. */
  private correct(entry: Entry): void {
    const { seen, revision, wanted } = entry;
    entry.seen = undefined;
    if (!seen || revisionOf(seen) <= revision || !contradicts(seen, wanted)) return;
    [entry.sent, entry.sentUid, entry.again] = [seen.status, podUid(seen), true];
    entry.active = this.send(entry, 0);
  }

  private async send(entry: Entry, delay: number): Promise<void> {
    try {
      if (delay > 0) await this.pause(delay);
      // What changes while a request is under way is told by the next one.
      for (let wanted: PodStatus | undefined; wanted !== entry.wanted || entry.again; ) {
        [wanted, entry.again] = [entry.wanted, false];
        await this.tell(entry);
      }
      entry.failures = 0;
    } catch (error) {
      entry.failures += 1;
      this.ctx.logger.debug('a Pod status could not be told', { pod: podName(entry.pod), error });
      this.ctx.clock.after(Math.min(RETRY_MILLISECONDS * entry.failures, LONGEST_RETRY_MILLISECONDS), () => {
        if (this.entries.has(podUid(entry.pod)) && !this.ctx.signal.aborted) entry.active ??= this.send(entry, 0);
      });
    } finally {
      entry.active = undefined;
      if (this.entries.get(podUid(entry.pod)) === entry && entry.failures === 0) this.correct(entry);
    }
  }

  private async tell(entry: Entry): Promise<void> {
    const { wanted } = entry;
    const target = this.targetOf(entry);
    if (!target) return;
    const known = entry.sentUid === target.uid ? entry.sent : target.status;
    const status = statusPatch(wanted, known ?? {});
    if (status) {
      const { uid, name, namespace } = target;
      const patch = { metadata: { uid }, status };
      const written = await this.pods
        .patch(this.ctx, { name, namespace }, 'strategic', patch, 'status')
        .catch((error: unknown) => {
          if (!isNotFound(error) && !isConflict(error)) throw error;
          return undefined;
        });
      entry.revision = Math.max(entry.revision, revisionOf(written));
    }
    [entry.sent, entry.sentUid] = [wanted, target.uid];
  }

  private targetOf({ pod, source }: Entry): ApiIdentity | undefined {
    if (isStatic(source)) return this.mirrorOf(pod);
    return { name: podName(pod), namespace: podNamespace(pod), uid: podUid(pod), status: pod.status };
  }

  private pause(delay: number): Promise<void> {
    return new Promise((resolve) => void this.ctx.clock.after(delay, resolve));
  }
}
