import type { SecureContextOptions } from 'node:tls';
import { readMounted } from '../mounted-file.js';
import type { Process } from '../program.js';
import type { Flags } from './flags.js';

async function fileOf(process: Process, path: string): Promise<Buffer> {
  const content = await readMounted(process.config.mounts, path);
  if (!content) throw new Error(`open ${path}: no such file or directory`);
  return content;
}

/** The certificate a server is told to use, from a volume; undefined where it is to speak in the clear. Rejects where there is no such file. */
export async function serverCredentials(process: Process, flags: Flags): Promise<SecureContextOptions | undefined> {
  const [certificate, key] = [flags.text('tls-cert-file'), flags.text('tls-private-key-file')];
  if (!certificate) return undefined;
  return { cert: await fileOf(process, certificate), key: await fileOf(process, key) };
}
