import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { MAX_NODE_SCORE, type ScorePlugin } from '../../framework/plugin.js';

const MEBIBYTE = 2 ** 20;
const SMALLEST = 23 * MEBIBYTE;
const LARGEST_PER_CONTAINER = 1000 * MEBIBYTE;

/** An image without tag or digest is its `latest`. */
export function normalizedImageName(name: string): string {
  return name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;
}

const volumeImages = ({ spec }: Pod): string[] =>
  (spec?.volumes ?? []).flatMap(({ image }) => (image ? [image.reference ?? ''] : []));

/** Prefers nodes that have the Pod's images already; an image that few nodes have counts for less. */
export const imageLocality: ScorePlugin = {
  name: 'ImageLocality',
  preScore({ pod }, { nodes }) {
    const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
    const wanted = [...containers.map(({ image }) => image), ...volumeImages(pod)].map((name) =>
      normalizedImageName(name ?? ''),
    );
    const spread = new Map(wanted.map((name) => [name, nodes.nodesWithImage(name) / nodes.nodeRows.length]));
    if ([...spread.values()].every((share) => share === 0)) return undefined;
    const largest = LARGEST_PER_CONTAINER * containers.length;
    return {
      score(row) {
        const { images } = nodes.at(row);
        const held = wanted.reduce(
          (sum, name) => sum + Math.floor((images.get(name) ?? 0) * (spread.get(name) ?? 0)),
          0,
        );
        const clamped = Math.min(Math.max(held, SMALLEST), largest);
        return Math.floor((MAX_NODE_SCORE * (clamped - SMALLEST)) / (largest - SMALLEST));
      },
    };
  },
};
