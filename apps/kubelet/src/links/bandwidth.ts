import { isQuantity, toUnits } from '@binnacle/machinery-quantity';

type Annotations = Readonly<Record<string, string>>;

/** Quantities of bits a second, as the bandwidth plugin of CNI reads them. */
const INGRESS = 'kubernetes.io/ingress-bandwidth';
const EGRESS = 'kubernetes.io/egress-bandwidth';
/** Behaves as kubernetes pkg/util/bandwidth ExtractPodBandwidthResources. */
const RATES = { least: 1e3, most: 1e15 };

function rateIn(annotations: Annotations | undefined, key: string): number {
  const text = annotations?.[key];
  const rate = isQuantity(text) ? toUnits(text) : Number.POSITIVE_INFINITY;
  return rate >= RATES.least && rate <= RATES.most ? rate : Number.POSITIVE_INFINITY;
}

/** Bits a second towards who listens, and back, by what either Pod may receive and send. */
export function ratesBetween(caller: Annotations | undefined, self: Annotations | undefined) {
  return {
    in: Math.min(rateIn(caller, EGRESS), rateIn(self, INGRESS)),
    out: Math.min(rateIn(self, EGRESS), rateIn(caller, INGRESS)),
  };
}
