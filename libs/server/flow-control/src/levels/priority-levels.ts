import {
  CATCH_ALL,
  EXEMPT,
  type FlowSchema,
  type PriorityLevelConfiguration,
} from '@binnacle/apis-kubernetes/flowcontrol/v1';
import { mandatoryFlowSchemas, mandatoryPriorityLevels } from '@binnacle/apis-kubernetes/flowcontrol/v1/bootstrap';
import type { Clock } from '@binnacle/machinery-context';
import { adjustBorrowing } from './borrowing.js';
import { PriorityLevel } from './priority-level.js';

function isWhole({ metadata, spec }: PriorityLevelConfiguration): boolean {
  const isExempt = spec?.type === 'Exempt';
  if (isExempt !== (metadata.name === EXEMPT)) return false;
  return isExempt ? !spec?.limited : spec?.limited !== undefined;
}

interface Named {
  readonly metadata: { readonly name?: string };
}

/** The mandatory objects are there even where the store does not have them. */
function withMandatory<T extends Named>(objects: readonly T[], mandatory: readonly T[]): T[] {
  const names = new Set(objects.map(({ metadata }) => metadata.name));
  return [...objects, ...mandatory.filter(({ metadata }) => !names.has(metadata.name))];
}

/** All priority levels, and the seats of the server divided among them. */
export class PriorityLevels {
  fairFraction = 0;
  private levels = new Map<string, PriorityLevel>();

  /** `seats` is how many requests, of one seat each, the server serves at a time. */
  constructor(
    private readonly clock: Clock,
    readonly seats: number,
  ) {}

  all(): readonly PriorityLevel[] {
    return [...this.levels.values()];
  }

  find(name: string): PriorityLevel | undefined {
    return this.levels.get(name);
  }

  /** The level of requests that nothing else matches. */
  get catchAll(): PriorityLevel {
    const level = this.levels.get(CATCH_ALL);
    if (!level) throw new Error('flow control has not been configured');
    return level;
  }

  /**
   * Takes a configuration over. Levels that are no longer wanted let those through that wait in them. Behaves as apiserver
   * pkg/util/flowcontrol digestConfigObjects.
   */
  digest(objects: readonly PriorityLevelConfiguration[]): void {
    const next = new Map<string, PriorityLevel>();
    for (const object of withMandatory(objects.filter(isWhole), mandatoryPriorityLevels)) {
      const name = object.metadata.name ?? '';
      const level = this.levels.get(name) ?? new PriorityLevel(object, this.clock);
      level.replaceObject(object);
      next.set(name, level);
    }
    this.keepBusy(next);
    this.levels = next;
    const shares = this.all().reduce((sum, level) => sum + level.shares, 0);
    for (const level of this.all()) level.allot(this.seats, shares);
    this.startNew();
    this.adjust();
  }

  /** To be called every ten seconds. */
  adjust(): void {
    for (const [name, level] of this.levels) if (level.quiescing && level.queues.isIdle) this.levels.delete(name);
    this.fairFraction = adjustBorrowing(this.all());
  }

  /** The schemas that requests can be matched with: not those whose level does not exist. */
  usable(schemas: readonly FlowSchema[]): FlowSchema[] {
    return withMandatory(
      schemas.filter((schema) => this.isUsable(schema)),
      mandatoryFlowSchemas,
    );
  }

  isUsable({ spec }: FlowSchema): boolean {
    const level = this.levels.get(spec?.priorityLevelConfiguration?.name ?? '');
    return level !== undefined && !level.quiescing;
  }

  private keepBusy(next: Map<string, PriorityLevel>): void {
    for (const [name, level] of this.levels) {
      if (next.has(name) || level.queues.isIdle) continue;
      level.quiescing = true;
      next.set(name, level);
    }
  }

  private startNew(): void {
    for (const level of this.levels.values()) {
      const { nominal, lower } = level.bounds;
      if (level.queues.concurrencyLimit === 0) level.limitTo(nominal - Math.floor((nominal - lower) / 2));
    }
  }
}
