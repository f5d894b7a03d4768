import { silentLogger } from '@binnacle/machinery-context';
import { confinement, type Prefix } from '@binnacle/process-lifecycle';
import { allowedEnvironment } from '../environment.js';
import { isRoot } from '../data-dir/postgres-account.js';

/** Of root's powers what the kubelet gives to others, and what starts, finds and stops processes of Postgres' account. */
const KUBELET_CAPABILITIES = [
  'net_bind_service',
  'dac_override',
  'dac_read_search',
  'fowner',
  'kill',
  'setuid',
  'setgid',
  'setpcap',
  'sys_ptrace',
  'sys_resource',
];

/** What is put before the kubelet; it looks itself at what its machine allows, and says what it does not. */
export async function kubeletConfinement({ PATH: path = '' } = allowedEnvironment()): Promise<Prefix> {
  const machine = { path, isRoot: isRoot(), capabilities: KUBELET_CAPABILITIES };
  return (await confinement(silentLogger, machine)).own;
}
