import type { Context } from '@binnacle/machinery-context';
import { Command } from 'commander';
import { dataDirOption } from '../command-options.js';
import {
  createCluster,
  deleteCluster,
  listClusters,
  type NewClusterFlags,
  type RetainFlags,
  retainCluster,
} from './cluster.js';

const NODES = ['--nodes <n>', 'how many simulated nodes', '1'] as const;

/** `binnacle cluster create|list|fork|delete|retain` */
export function clusterCommand(ctx: Context): Command {
  const command = new Command('cluster').description('make, list, fork and delete logical clusters');
  command
    .command('create <name>')
    .description('make an empty logical cluster')
    .option(...NODES)
    .addOption(dataDirOption())
    .action((name: string, flags: NewClusterFlags) => createCluster(ctx, name, flags));
  command
    .command('list')
    .description('list the logical clusters')
    .addOption(dataDirOption())
    .action((flags: { dataDir: string }) => listClusters(ctx, flags.dataDir));
  command
    .command('fork <source> <name>')
    .description('make a logical cluster that holds what another does, or did')
    .option('--at <revision>', 'as the source was at a revision')
    .option(...NODES)
    .addOption(dataDirOption())
    .action((source: string, name: string, flags: NewClusterFlags) => createCluster(ctx, name, flags, source));
  command
    .command('delete <name>')
    .description('delete a logical cluster with all that is in it, its past included')
    .addOption(dataDirOption())
    .action((name: string, flags: { dataDir: string }) => deleteCluster(ctx, name, flags.dataDir));
  command
    .command('retain <name>')
    .description('say how much of its past is kept; the server decides again where nothing is said')
    .option('--age <time>', 'such as 7d, 12h or 30m; never less than five minutes')
    .option('--size <bytes>', 'such as 8Gi or 500Mi')
    .addOption(dataDirOption())
    .action((name: string, flags: RetainFlags) => retainCluster(ctx, name, flags));
  return command;
}
