import type { Write } from '@binnacle/server-storage';
import { encodeActor, encodeAttributes } from '../encoding.js';
import type { QueuedWrite } from './commit-queue.js';
import { MessageWriter } from './message-writer.js';

/** The statement that commits a batch. */
export const COMMIT = {
  name: 'commit_batch',
  text: 'select base, at, outcomes from commit_batch($1, $2, $3, $4, $5, $6, $7, $8, $9)',
};

const OPS = { create: 1, update: 2, delete: 3 } satisfies Record<Write['op'], number>;
/** More than everything but the columns needs. */
const FIXED_BYTES = 512;
/** More than a write's fixed-size values and the lengths of its others need. */
const FIXED_BYTES_A_WRITE = 32;
/** No UTF-16 unit needs more in UTF-8. */
const BYTES_A_UNIT = 3;

/**
 * Bind, Describe, Execute and Sync for one batch. The driver's own encoder copies each body several times into memory
 * that is thrown away; here it is copied once, into memory that is used again. See CommitMemory.
 */
export function commitMessage(cluster: string, batch: readonly QueuedWrite[], take: (size: number) => Buffer): Buffer {
  const writes = batch.map((queued) => queued.write);
  const texts = {
    keys: batch.map((queued) => queued.key),
    attributes: writes.map((write) => encodeAttributes(write.attributes)),
    actors: writes.map((write) => encodeActor(write.actor)),
  };
  const expected = writes.map((write) => (write.op === 'create' ? 0 : write.expected));
  const bodyBytes = writes.reduce((sum, write) => sum + write.body.length, 0);
  const units = Object.values(texts)
    .flat()
    .reduce((sum, text) => sum + text.length, 0);
  const bound = FIXED_BYTES + bodyBytes + units * BYTES_A_UNIT + batch.length * FIXED_BYTES_A_WRITE;
  const message = new MessageWriter(take(bound));
  message.bind(COMMIT.name, [
    () => message.int64(Number(cluster)),
    () => message.int64(bodyBytes),
    () => message.int64(Math.min(...expected)),
    () => writes.forEach((write) => message.int8(OPS[write.op])),
    () => message.int64Array(expected),
    () => message.textArray(texts.keys),
    () => message.bytesArray(writes.map((write) => write.body)),
    () => message.textArray(texts.attributes),
    () => message.textArray(texts.actors),
  ]);
  message.run();
  return message.written();
}
