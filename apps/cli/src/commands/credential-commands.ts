import type { Context } from '@binnacle/machinery-context';
import { Command } from 'commander';
import { dataDirOption } from '../command-options.js';
import { kubeconfig, type KubeconfigFlags } from './kubeconfig.js';
import { rotateServiceAccountKey, type RotateFlags } from './rotate-service-account-key.js';

function kubeconfigCommand({ clock }: Context): Command {
  const collect = (value: string, others: string[] = []) => [...others, value];
  return new Command('kubeconfig')
    .description("print the administrator's kubeconfig, or one for somebody else")
    .option('--cluster <name>', 'for another logical cluster than main')
    .option('--at <moment>', 'for the cluster as it was at a revision or a time, read only')
    .option('--user <name>', 'for somebody with a certificate of their own, which cannot be taken back before it ends')
    .option('--group <name>', 'a group of theirs; may be repeated', collect)
    .option('--ttl <time>', 'how long the certificate holds, such as 30m, 8h or 7d (24h)')
    .option(
      '--allow-system',
      "let names begin with system:, which are the cluster's own; system:masters may do everything",
    )
    .option('--output <file>', 'write it to a file that only you may read')
    .addOption(dataDirOption())
    .action((flags: KubeconfigFlags) => kubeconfig(flags, clock.now()));
}

function serviceAccountKeyCommand({ clock }: Context): Command {
  const rotate = new Command('rotate')
    .description('let a new key sign tokens of service accounts; those of the old one hold to their end')
    .option('--revoke-old', 'refuse what older keys signed at once')
    .addOption(dataDirOption())
    .action((flags: RotateFlags) => rotateServiceAccountKey(flags, clock.now()));
  return new Command('service-account-key').description("the key of service accounts' tokens").addCommand(rotate);
}

/** What makes and changes credentials that stand in the data directory. */
export const credentialCommands = (ctx: Context): Command[] => [kubeconfigCommand(ctx), serviceAccountKeyCommand(ctx)];
