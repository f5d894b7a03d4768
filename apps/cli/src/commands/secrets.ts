import { existsSync } from 'node:fs';
import type { Context } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import { Command, Option } from 'commander';
import { databaseOption, dataDirOption } from '../command-options.js';
import { addKey } from '../data-dir/encryption-config.js';
import { layout } from '../data-dir/layout.js';
import { operateStore, type StoreFlags } from './store.js';

type SecretsFlags = StoreFlags & { readonly encryptionProviderConfig?: string };

const configOption = () =>
  new Option('--encryption-provider-config <file>', 'EncryptionConfiguration; that of the data directory by default');

async function reencrypt(ctx: Context, flags: SecretsFlags): Promise<void> {
  const file = flags.encryptionProviderConfig ?? layout(flags.dataDir).encryption;
  if (!existsSync(file))
    throw new ConfigError(
      `there is no ${file}; start the cluster once with "binnacle up", or give --encryption-provider-config`,
    );
  const code = await operateStore(ctx, 'reencrypt', flags, [`--encryption-provider-config=${file}`]);
  if (code !== 0) process.exitCode = code;
}

const reencryptCommand = (ctx: Context): Command =>
  new Command('reencrypt')
    .description(
      'seal every stored Secret, those of the past too, by the first key; may be interrupted and begun again',
    )
    .addOption(dataDirOption())
    .addOption(databaseOption())
    .addOption(configOption())
    .action((flags: SecretsFlags) => reencrypt(ctx, flags));

const rotateCommand = (ctx: Context): Command =>
  new Command('rotate')
    .description('make a new key, and seal every stored Secret by it, while everything runs')
    .addOption(dataDirOption())
    .addOption(databaseOption())
    .action(async (flags: StoreFlags) => {
      const name = addKey(layout(flags.dataDir), ctx.clock.now());
      process.stdout.write(`✓ ${name} is the first key now\n`);
      await reencrypt(ctx, flags);
    });

/** `binnacle secrets reencrypt|rotate` */
export function secretsCommand(ctx: Context): Command {
  return new Command('secrets')
    .description('keys by which Secrets are sealed where they are stored')
    .addCommand(reencryptCommand(ctx))
    .addCommand(rotateCommand(ctx));
}
