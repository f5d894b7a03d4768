import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '@binnacle/machinery-context';

const directoryOf = (root: string): string => join(root, 'clusters');

/** Where the nodes of a cluster besides `main` keep their files. */
export const clusterRoot = (root: string, uid: string): string => join(directoryOf(root), uid);

/** What is there now: a cluster that begins while others are removed is none of them. */
function clustersIn(root: string): readonly string[] {
  try {
    return readdirSync(directoryOf(root));
  } catch {
    return [];
  }
}

/** Containers may still be stopping. What is left in spite of that goes the next time. */
const PATIENT = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 } as const;

/** Removes the files of all clusters but those of these uids. */
export async function keepFilesOf(ctx: Context, root: string, uids: ReadonlySet<string>): Promise<void> {
  const others = clustersIn(root).filter((uid) => !uids.has(uid));
  const removing = others.map(async (uid) => {
    await rm(clusterRoot(root, uid), PATIENT);
    ctx.logger.info('the files of a cluster that is no more were removed', { uid });
  });
  for (const { status, ...failed } of await Promise.allSettled(removing)) {
    if (status === 'rejected') ctx.logger.warn('the files of a cluster that is no more stay for now', failed);
  }
}
