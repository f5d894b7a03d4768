import type { Context } from '@binnacle/machinery-context';
import { Command, Option } from 'commander';
import { dataDirOption, withClusterOptions } from './command-options.js';
import { type BalanceFlags, balance } from './commands/balance.js';
import { clusterCommand } from './commands/cluster-command.js';
import { down } from './commands/down.js';
import { init } from './commands/init.js';
import { credentialCommands } from './commands/credential-commands.js';
import { nodeCommand } from './commands/node-command.js';
import { peopleCommands } from './commands/people/people-commands.js';
import { status } from './commands/status.js';
import { storeCommands } from './commands/store-commands.js';
import { loginCommands } from './login/login-commands.js';
import { readUpSettings, type UpFlags } from './settings.js';
import { up } from './up/up.js';

function upCommand(ctx: Context): Command {
  return withClusterOptions(new Command('up'))
    .description('bring the cluster up and keep it up until Ctrl-C')
    .addOption(new Option('--verbose', 'print the logs of the kubelet').env('BINNACLE_VERBOSE'))
    .action((flags: UpFlags) => up(ctx, readUpSettings(flags)));
}

function initCommand(ctx: Context): Command {
  return withClusterOptions(new Command('init'))
    .description('make keys, kubeconfigs and the first account, and start nothing')
    .action((flags: UpFlags) => init(ctx, readUpSettings(flags)));
}

function balanceCommand(ctx: Context): Command {
  const collect = (value: string, others: string[] = []) => [...others, value];
  return new Command('balance')
    .description('one TCP port in front of several API servers')
    .addOption(new Option('--listen <address>', 'host:port to listen on').default('127.0.0.1:6443'))
    .addOption(
      new Option('--to <address>', 'host:port of a server; may be repeated').argParser(collect).makeOptionMandatory(),
    )
    .action((flags: BalanceFlags) => balance(ctx, flags));
}

/** Everything that can be said to `binnacle`. */
export function commandLine(ctx: Context): Command {
  const root = new Command('binnacle')
    .description('a Kubernetes control plane that remembers everything')
    .version('0.1.0');
  root.addCommand(upCommand(ctx));
  root.addCommand(initCommand(ctx));
  root.addCommand(nodeCommand());
  root.addCommand(clusterCommand(ctx));
  root.addCommand(balanceCommand(ctx));
  root
    .command('down')
    .description('stop the cluster that runs on the data directory')
    .addOption(dataDirOption())
    .action((flags: { dataDir: string }) => down(ctx, flags.dataDir));
  root
    .command('status')
    .description('tell how the cluster is')
    .addOption(dataDirOption())
    .action((flags: { dataDir: string }) => status(flags.dataDir));
  for (const command of credentialCommands(ctx)) root.addCommand(command);
  for (const command of [...storeCommands(ctx), ...peopleCommands(ctx), ...loginCommands(ctx)])
    root.addCommand(command);
  return root;
}
