import type { Context } from '@binnacle/machinery-context';
import { layout } from '../data-dir/layout.js';
import { prepareDataDir } from '../data-dir/prepare.js';
import type { UpSettings } from '../settings.js';
import { FIRST_USER, prepareCredentials } from '../up/prepare-credentials.js';

/** Makes keys, kubeconfigs, simulated nodes and the first account, for clusters whose programs somebody else starts. */
export async function init(ctx: Context, settings: UpSettings): Promise<void> {
  const dir = layout(settings.dataDir);
  prepareDataDir(dir);
  const password = await prepareCredentials(ctx, settings, dir);
  process.stdout.write(`Prepared ${dir.root}\n  Kubeconfig  ${dir.adminKubeconfig}\n`);
  if (password)
    process.stdout.write(`  User        ${FIRST_USER}\n  Password    ${password}   (shown only this once)\n`);
}
