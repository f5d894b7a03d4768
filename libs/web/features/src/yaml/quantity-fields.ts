import { isQuantity as isReadable } from '@binnacle/machinery-quantity';
import type { YamlField } from '@binnacle/machinery-yaml';

/** Fields of Kubernetes' own kinds that hold quantities, or maps of them. */
const HOLDERS: ReadonlySet<string> = new Set(
  'requests limits capacity allocatable hard used default defaultRequest min max maxLimitRequestRatio overhead sizeLimit divisor podFixed'.split(
    ' ',
  ),
);

/** False for what stands where a quantity belongs and is none. */
export function isQuantity({ path, type, text }: YamlField): boolean {
  const [holder, name] = [path.at(-2), path.at(-1)];
  const here = [holder, name].some((part) => typeof part === 'string' && HOLDERS.has(part));
  return !here || (type !== 'string' && type !== 'number') || isReadable(text);
}
