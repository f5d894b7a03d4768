import { ANNOTATION_LINK, type Link, LinkError, parseLink, PERFECT_LINK } from '@binnacle/apis-kubernetes/links';
import { isQuantity, toUnits } from '@binnacle/machinery-quantity';
import { isBounded, Meter } from '@binnacle/node-runtime-sim';

type Annotations = Readonly<Record<string, string>> | undefined;

/** Quantities of bits a second, as the bandwidth plugin of CNI reads them: what a Pod receives, and what it sends. */
const INGRESS = 'kubernetes.io/ingress-bandwidth';
const EGRESS = 'kubernetes.io/egress-bandwidth';
/** Behaves as kubernetes pkg/util/bandwidth ExtractPodBandwidthResources. */
const RATES = { least: 1e3, most: 1e15 };

/** Undefined where nothing is said, or nothing that can be read: who wrote it was told. */
function linkIn(annotations: Annotations): Link | undefined {
  const text = annotations?.[ANNOTATION_LINK];
  if (text === undefined) return undefined;
  try {
    return parseLink(text);
  } catch (error) {
    if (error instanceof LinkError) return undefined;
    throw error;
  }
}

function rateIn(annotations: Annotations, key: string): number {
  const text = annotations?.[key];
  const rate = isQuantity(text) ? toUnits(text) : Number.POSITIVE_INFINITY;
  return rate >= RATES.least && rate <= RATES.most ? rate : Number.POSITIVE_INFINITY;
}

const rateOf = ({ rate } = PERFECT_LINK): number => rate;

const meterOf = (...rates: readonly number[]): Meter | undefined => {
  const rate = Math.min(...rates);
  return isBounded({ rate }) ? new Meter(rate) : undefined;
};

/** What leads from one node or Pod to the network. Its rate is shared by all that goes over it, each way by itself. */
export class Cable {
  private constructor(
    private readonly said: string | undefined,
    readonly link: Link | undefined,
    /** From the node or Pod, and to it; absent where nothing bounds it. */
    readonly up: Meter | undefined,
    readonly down: Meter | undefined,
  ) {}

  static ofNode(annotations: Annotations): Cable {
    const link = linkIn(annotations);
    return new Cable(annotations?.[ANNOTATION_LINK], link, meterOf(rateOf(link)), meterOf(rateOf(link)));
  }

  static ofPod(annotations: Annotations): Cable {
    const link = linkIn(annotations);
    const [up, down] = [EGRESS, INGRESS].map((key) => meterOf(rateOf(link), rateIn(annotations, key)));
    return new Cable(annotations?.[ANNOTATION_LINK], link, up, down);
  }

  /** Whether annotations of a node say of its link what this is. */
  isOf(annotations: Annotations): boolean {
    return annotations?.[ANNOTATION_LINK] === this.said;
  }
}
