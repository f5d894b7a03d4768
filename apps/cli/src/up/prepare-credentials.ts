import type { Context } from '@binnacle/machinery-context';
import { ensureFirstAccount } from '../accounts.js';
import { CONTROL_PLANE_NODE, type DataDir } from '../data-dir/layout.js';
import { ensureNodes, listNodes } from '../nodes.js';
import { ensureCredentials } from '../pki/credentials.js';
import type { UpSettings } from '../settings.js';

export const FIRST_USER = 'admin';

/** Every name and address the cluster's servers answer to. */
function serverHosts(settings: UpSettings, dir: DataDir): string[] {
  const serviceAddress = settings.serviceCidr.replace('.0.0/16', '.0.1');
  return [
    'localhost',
    '127.0.0.1',
    CONTROL_PLANE_NODE,
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
    serviceAddress,
    // Where the Service's address is carried on this machine.
    `127.${serviceAddress.slice(3)}`,
    ...listNodes(dir).map((node) => node.address),
  ];
}

/** Makes what a cluster needs to know before it starts. Answers the first account's password when it was made just now. */
export async function prepareCredentials(
  ctx: Context,
  settings: UpSettings,
  dir: DataDir,
): Promise<string | undefined> {
  ensureNodes(dir, settings.nodes, settings.nodeAddressPrefix);
  await ensureCredentials(dir, {
    server: `https://127.0.0.1:${settings.ports.apiServer}`,
    hosts: serverHosts(settings, dir),
    nodeName: CONTROL_PLANE_NODE,
    now: ctx.clock.now(),
  });
  return ensureFirstAccount(dir, FIRST_USER);
}
