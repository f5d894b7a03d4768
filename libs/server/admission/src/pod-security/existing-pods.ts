import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { formatLevelVersion, type LevelVersion, reasonOf, violationsOf } from '@binnacle/apis-kubernetes/pod-security';
import type { Clock } from '@binnacle/machinery-context';
import { quote } from '@binnacle/machinery-meta';

/** As many Pods of a namespace are looked at when it asks for more, for no longer than that. */
export const MOST_PODS = 3000;
export const MOST_MILLISECONDS = 1000;

interface Bad {
  /** The first of them by name. */
  name: string;
  count: number;
}

function decorated([reason, { name, count }]: [string, Bad]): string {
  if (count === 1) return `${name}: ${reason}`;
  return `${name} (and ${count === 2 ? '1 other pod' : `${count - 1} other pods`}): ${reason}`;
}

/** What is told of a namespace's Pods that a new level forbids. */
export class ExistingPods {
  private readonly bad = new Map<string, Bad>();
  private checked = 0;
  private readonly until: number;

  constructor(
    private readonly namespace: string,
    private readonly enforce: LevelVersion,
    private readonly clock: Clock,
  ) {
    this.until = clock.now() + MOST_MILLISECONDS;
  }

  /** Whether another Pod may be looked at. */
  get goesOn(): boolean {
    return this.checked < MOST_PODS && (this.checked === 0 || this.clock.now() < this.until);
  }

  look({ metadata, spec }: Pod): void {
    this.checked += 1;
    const found = spec ? violationsOf(this.enforce, spec, metadata) : [];
    if (found.length === 0) return;
    const [reason, name] = [reasonOf(found), metadata.name ?? ''];
    const known = this.bad.get(reason);
    if (!known) this.bad.set(reason, { name, count: 1 });
    else Object.assign(known, { name: name < known.name ? name : known.name, count: known.count + 1 });
  }

  /** `total` Pods are there. */
  warnings(total: number): string[] {
    const level = 'the new PodSecurity enforce level';
    const warnings: string[] = [];
    if (this.checked < total)
      warnings.push(
        `new PodSecurity enforce level only checked against the first ${this.checked} of ${total} existing pods`,
      );
    if (this.bad.size > 0) {
      const asked = quote(formatLevelVersion(this.enforce));
      warnings.push(`existing pods in namespace ${quote(this.namespace)} violate ${level} ${asked}`);
    }
    return [...warnings, ...[...this.bad].map(decorated).sort()];
  }
}
