import type { Labels } from '@binnacle/machinery-selectors';
import type { CompiledPolicy } from './compiled-policy.js';

/** No label has that in its key or value. */
const keyOf = (key: string, value: string): string => `${key}=${value}`;

/** A label that all Pods of a policy have. Undefined where it does not say one. */
function needed({ pods }: CompiledPolicy): string | undefined {
  for (const { key } of pods.requirements) {
    const value = pods.exactValue(key);
    if (value !== undefined) return keyOf(key, value);
  }
  return undefined;
}

/** Policies by a label that their Pods must have: of a thousand policies a Pod is compared with those that may be about it. */
export class PoliciesByLabel {
  private readonly byLabel = new Map<string, Set<CompiledPolicy>>();
  private readonly others = new Set<CompiledPolicy>();

  add(policy: CompiledPolicy): void {
    const label = needed(policy);
    if (label === undefined) {
      this.others.add(policy);
      return;
    }
    const known = this.byLabel.get(label) ?? new Set();
    this.byLabel.set(label, known.add(policy));
  }

  delete(policy: CompiledPolicy): void {
    const label = needed(policy);
    if (label === undefined) {
      this.others.delete(policy);
      return;
    }
    const known = this.byLabel.get(label);
    known?.delete(policy);
    if (known?.size === 0) this.byLabel.delete(label);
  }

  /** Those that select a Pod of these labels. */
  about(labels: Labels): CompiledPolicy[] {
    const likely = Object.entries(labels).flatMap(([key, value]) => [...(this.byLabel.get(keyOf(key, value)) ?? [])]);
    return [...this.others, ...likely].filter(({ pods }) => pods.matches(labels));
  }
}
