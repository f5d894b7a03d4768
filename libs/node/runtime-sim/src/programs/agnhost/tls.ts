import { createSecureContext } from 'node:tls';
import type { ServerCredentials } from '../http.js';
import { readMounted } from '../mounted-file.js';
import type { Process } from '../program.js';
import type { Flags } from './flags.js';

async function fileOf(process: Process, path: string): Promise<Buffer> {
  const content = await readMounted(process.config.mounts, path);
  if (!content) throw new Error(`open ${path}: no such file or directory`);
  return content;
}

/**
 * The certificate a server is told to use, from a volume; undefined where it is to speak in the clear. Rejects where there is no such
 * file, or what is in it is no certificate with its key.
 */
export async function serverCredentials(process: Process, flags: Flags): Promise<ServerCredentials | undefined> {
  const [certificate, key] = [flags.text('tls-cert-file'), flags.text('tls-private-key-file')];
  if (!certificate) return undefined;
  const files = { cert: await fileOf(process, certificate), key: await fileOf(process, key) };
  return { secureContext: createSecureContext(files) };
}
