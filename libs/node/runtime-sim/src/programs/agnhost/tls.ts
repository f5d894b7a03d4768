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

/** The certificate of a server, by its files in volumes. Rejects where there is no such file, or what is in it is no certificate with its key. */
export async function credentialsAt(process: Process, certificate: string, key: string): Promise<ServerCredentials> {
  const files = { cert: await fileOf(process, certificate), key: await fileOf(process, key) };
  return { secureContext: createSecureContext(files) };
}

/** The certificate that flags name; undefined where the server is to speak in the clear. */
export async function serverCredentials(process: Process, flags: Flags): Promise<ServerCredentials | undefined> {
  const certificate = flags.text('tls-cert-file');
  return certificate ? await credentialsAt(process, certificate, flags.text('tls-private-key-file')) : undefined;
}
