import {
  MOST_DETAIL_TEXT,
  MOST_DECISIONS,
  MOST_RECORD_BYTES,
  readRecord,
  RecordError,
} from '@binnacle/apis-kubernetes/decisions/record';
import { newBadRequest } from '@binnacle/machinery-meta';
import type { NewDecision } from '@binnacle/server-storage';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function detailOf(detail: unknown): string | undefined {
  if (detail === undefined) return undefined;
  const known = typeof detail === 'string' && detail.length % 4 === 0 && BASE64.test(detail);
  if (!known || detail.length === 0) throw new RecordError('detail: no base64');
  if (detail.length > MOST_DETAIL_TEXT) throw new RecordError(`detail: more than ${MOST_DETAIL_TEXT} characters`);
  return detail;
}

function readDecision(value: unknown): NewDecision {
  const { record: sent, detail: sentDetail } = (value ?? {}) as {
    readonly record?: unknown;
    readonly detail?: unknown;
  };
  const record = readRecord(sent);
  const detail = detailOf(sentDetail);
  const text = JSON.stringify(record);
  if (Buffer.byteLength(text) > MOST_RECORD_BYTES) throw new RecordError(`more than ${MOST_RECORD_BYTES} bytes`);
  const { pod, node = '', result, revision, attempt } = record;
  return {
    namespace: pod.namespace,
    pod: pod.name,
    uid: pod.uid,
    node,
    result,
    revision,
    attempt,
    record: text,
    ...(detail !== undefined && { detail }),
  };
}

/** Reads a `DecisionBatch`, of which nothing is believed. Throws BadRequest, which names the first decision that is none. */
export function readBatch(body: Buffer): NewDecision[] {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch (error) {
    throw newBadRequest(`the body must be JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  const { decisions } = (value ?? {}) as { readonly decisions?: unknown };
  if (!Array.isArray(decisions)) throw newBadRequest('the body must be an object with decisions');
  if (decisions.length > MOST_DECISIONS) throw newBadRequest(`there are more than ${MOST_DECISIONS} decisions`);
  return decisions.map((decision, at) => {
    try {
      return readDecision(decision);
    } catch (error) {
      if (error instanceof RecordError) throw newBadRequest(`decisions[${at}]: ${error.message}`);
      throw error;
    }
  });
}
