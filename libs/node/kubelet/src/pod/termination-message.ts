import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type ContainerStatus, readContainerLog } from '@binnacle/node-cri';
import { findContainer } from './identity.js';

const TAIL_LINES = 80;
const LONGEST_FROM_LOG = 2048;
const LONGEST = 4096;

async function logTail(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    const never = new AbortController().signal;
    for await (const chunk of readContainerLog(path, { tailLines: TAIL_LINES }, () => false, never)) chunks.push(chunk);
  } catch {
    return '';
  }
  return Buffer.concat(chunks).subarray(-LONGEST_FROM_LOG).toString();
}

/** What an ended container says about its end: what it left for that, else, where the Pod asks for it, its last log lines. */
export async function terminationMessage(pod: Pod, ended: ContainerStatus): Promise<string> {
  if (ended.message) return ended.message.slice(0, LONGEST);
  const policy = findContainer(pod, ended.metadata.name)?.terminationMessagePolicy;
  if (policy !== 'FallbackToLogsOnError' || !ended.exitCode || !ended.logPath) return '';
  return await logTail(ended.logPath);
}
