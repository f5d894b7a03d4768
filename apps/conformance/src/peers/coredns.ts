import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { Program } from './program.js';

/** As kubeadm writes it, but for what concerns other names and its health. */
const corefile = (kubeconfig: string, port: number): string => `.:${port} {
  bind 127.0.0.1
  errors
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    kubeconfig ${kubeconfig}
    pods insecure
    fallthrough in-addr.arpa ip6.arpa
    ttl 30
  }
  cache 30 {
    disable success cluster.local
    disable denial cluster.local
  }
  loadbalance
}
`;

export interface RunningCoreDns {
  readonly program: Program;
  readonly place: { readonly host: string; readonly port: number };
}

/** CoreDNS at a path, following the cluster of a kubeconfig; `folder` is for its Corefile. */
export async function startCoreDns(path: string, folder: string, kubeconfig: string): Promise<RunningCoreDns> {
  const port = await freePort();
  const file = join(folder, 'Corefile');
  writeFileSync(file, corefile(kubeconfig, port));
  return { program: new Program(path, ['-conf', file, '-quiet']), place: { host: '127.0.0.1', port } };
}
