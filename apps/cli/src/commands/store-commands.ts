import type { Context } from '@binnacle/machinery-context';
import { Command } from 'commander';
import { databaseOption, dataDirOption, withClusterOptions } from '../command-options.js';
import { layout } from '../data-dir/layout.js';
import { holdsDatabase } from '../postgres/database-state.js';
import { readUpSettings, type UpFlags } from '../settings.js';
import { doctor } from './doctor.js';
import { secretsCommand } from './secrets.js';
import { newPassword, operateStore, restore, type StoreFlags } from './store.js';

async function exitWith(work: Promise<number>): Promise<void> {
  const code = await work;
  if (code !== 0) process.exitCode = code;
}

function backupCommand(ctx: Context): Command {
  return new Command('backup')
    .description('write a consistent copy of what is stored to a file, while everything runs')
    .argument('<file>', 'what to write')
    .option('--clusters <names>', 'only these logical clusters, separated by commas')
    .option('--no-history', 'only the present state')
    .addOption(dataDirOption())
    .addOption(databaseOption())
    .action((file: string, flags: StoreFlags & { clusters?: string; history: boolean }) =>
      exitWith(
        operateStore(ctx, 'backup', flags, [
          `--file=${file}`,
          ...(flags.clusters ? [`--clusters=${flags.clusters}`] : []),
          ...(flags.history ? [] : ['--no-history']),
        ]),
      ),
    );
}

function restoreCommand(ctx: Context): Command {
  return new Command('restore')
    .description('bring back what a backup holds, all of it or nothing')
    .argument('<file>', 'what to read')
    .option('--as <name>', 'another name for the logical cluster')
    .addOption(dataDirOption())
    .addOption(databaseOption())
    .action((file: string, flags: StoreFlags & { as?: string }) =>
      exitWith(restore(ctx, flags, file, flags.as ? [`--as=${flags.as}`] : [])),
    );
}

function passwordCommand(ctx: Context): Command {
  return new Command('password')
    .description('give the first account a new password')
    .addOption(dataDirOption())
    .addOption(databaseOption())
    .action((flags: StoreFlags) => exitWith(newPassword(ctx, flags)));
}

function doctorCommand(ctx: Context): Command {
  return withClusterOptions(new Command('doctor'))
    .description('look for what would keep the cluster from running, and whether the store is sound')
    .action(async (flags: UpFlags) => {
      const settings = readUpSettings(flags);
      if (!(await doctor(ctx, settings))) process.exitCode = 1;
      if (settings.databaseUrl || holdsDatabase(layout(settings.dataDir)))
        await exitWith(operateStore(ctx, 'examine', flags, []));
      else process.stdout.write('· store: there is none to look at\n');
    });
}

/** `binnacle backup|restore|password|doctor|secrets` */
export const storeCommands = (ctx: Context): readonly Command[] =>
  [backupCommand, restoreCommand, passwordCommand, doctorCommand, secretsCommand].map((commandOf) => commandOf(ctx));
