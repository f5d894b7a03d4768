import { ConfigError } from '@binnacle/process-config';
import type { DataDir } from '../data-dir/layout.js';
import type { UpSettings } from '../settings.js';
import { firstTaken, loopbackCarries } from './addresses.js';
import { diskSpace } from './disk.js';
import type { Check } from './finding.js';
import { machineFacts, memory, nodeVersion, openFiles, processes } from './machine.js';
import { wantedAddresses } from './ports.js';

/** What the machine must give any cluster. */
export function machineChecks(): Check[] {
  const facts = machineFacts();
  return [
    { name: 'Node.js', run: () => nodeVersion(facts) },
    { name: 'memory', run: () => memory(facts) },
    { name: 'open files', run: () => openFiles(facts) },
    { name: 'processes of this account', run: () => processes(facts) },
    { name: 'loopback', run: loopbackCarries },
  ];
}

/**
 * Refuses to start where the machine cannot carry the cluster, before anything is made. What runs already, of a run that was
 * killed, has the ports and the memory it needs.
 */
export async function requireMachine(settings: UpSettings, dir: DataDir, adopts: boolean): Promise<void> {
  const addresses = { name: 'addresses', run: () => firstTaken(wantedAddresses(settings, dir)) };
  const disk = { name: 'disk space', run: () => diskSpace(dir) };
  for (const check of adopts ? [] : [...machineChecks(), disk, addresses]) {
    const finding = await check.run();
    if (finding) throw new ConfigError(finding);
  }
}
