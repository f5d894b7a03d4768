import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import {
  decodeDetail,
  MOST_DETAIL_BYTES,
  type NodeDetail,
  REFUSES,
  TAKES,
} from '@binnacle/apis-kubernetes/decisions/codec';
import type { DecisionNodes } from '@binnacle/apis-kubernetes/decisions/v1';

const inflate = promisify(inflateRaw);

/** Of a node that could take the Pod, and of one nobody looked at. */
const COULD = -1;
const NOT_SEEN = -2;

function verdictOf(verdict: number): number {
  if (verdict >= REFUSES) return verdict - REFUSES;
  return verdict === TAKES ? COULD : NOT_SEEN;
}

/** Nothing where the bytes are none that a scheduler writes. */
async function read(deflated: Uint8Array): Promise<NodeDetail | undefined> {
  try {
    return decodeDetail(await inflate(deflated, { maxOutputLength: MOST_DETAIL_BYTES }));
  } catch {
    return undefined;
  }
}

/** What each node said, from what is kept of it. */
export async function nodesObject(
  metadata: { readonly namespace: string; readonly name: string },
  deflated: Uint8Array,
): Promise<DecisionNodes | undefined> {
  const detail = await read(deflated);
  if (!detail) return undefined;
  const { names, refusals, verdicts, columns } = detail;
  return {
    apiVersion: 'scheduling.binnacle.dev/v1',
    kind: 'DecisionNodes',
    metadata: { ...metadata },
    names: [...names],
    refusals: refusals.map(({ reasons, ...rest }) => ({ ...rest, reasons: [...reasons] })),
    verdicts: Array.from(verdicts, verdictOf),
    columns: columns.map(({ plugin, weight, raw, scores }) => ({ plugin, weight, raw: [...raw], scores: [...scores] })),
  };
}
