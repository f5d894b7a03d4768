import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadKubeconfigFile } from '@binnacle/client-rest/kubeconfig';
import { filesOfMatrix } from './files.js';

/** What the places of commands and files stand for: a namespace, a Node and a folder of each kubectl's own. */
export interface Places {
  readonly ns: string;
  readonly node: string;
  readonly dir: string;
}

export function filled(text: string, places: Places): string {
  return text.replace(/\{(ns|node|dir)\}/g, (_, name: keyof Places) => places[name]);
}

/** Writes the files that commands name, and a kubeconfig that they may change; answers the latter's path. */
export function prepareFiles(places: Places, original: string): string {
  const { cert = '', key = '' } = loadKubeconfigFile(original);
  const kubeconfig = readFileSync(original, 'utf8');
  const files = { ...filesOfMatrix, 'tls.crt': cert, 'tls.key': key, config: kubeconfig, kubeconfig };
  for (const [name, content] of Object.entries(files)) {
    const path = join(places.dir, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, filled(content, places));
  }
  chmodSync(join(places.dir, 'kubectl-hello'), 0o755);
  return join(places.dir, 'kubeconfig');
}
