import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { silentLogger } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import { systemClock } from '@binnacle/process-lifecycle';
import { Command, Option } from 'commander';
import { type BalanceFlags, balance } from './commands/balance.js';
import { doctor } from './commands/doctor.js';
import { down } from './commands/down.js';
import { init } from './commands/init.js';
import { status } from './commands/status.js';
import { newPassword, operateStore, restore, type StoreFlags } from './commands/store.js';
import { defaultRoot, layout } from './data-dir/layout.js';
import { addNode, setNodeState } from './nodes.js';
import { readUpSettings, type UpFlags } from './settings.js';
import { hasDatabase } from './store/embedded-database.js';
import { sayPlainly } from './terminal/plain-errors.js';
import { StartError } from './up/start-error.js';
import { up } from './up/up.js';

const abort = new AbortController();
const ctx = { signal: abort.signal, clock: systemClock, logger: silentLogger };

const defaultDataDir = defaultRoot(process.getuid?.() ?? -1, process.env);

/** Absolute, because what is started runs elsewhere. */
const dataDirOption = () =>
  new Option('--data-dir <directory>', 'where everything is kept')
    .env('BINNACLE_DATA_DIR')
    .default(defaultDataDir)
    .argParser((path) => (path ? resolve(path) : defaultDataDir));

/** The options that say what the cluster is, common to `up` and `init`. */
function withClusterOptions(command: Command): Command {
  return command
    .addOption(dataDirOption())
    .addOption(new Option('--port <port>', 'port of the API server (default 6443)').env('BINNACLE_PORT'))
    .addOption(new Option('--web-port <port>', 'port of the dashboard (default 7080)').env('BINNACLE_WEB_PORT'))
    .addOption(new Option('--port-offset <n>', 'added to every default port').env('BINNACLE_PORT_OFFSET').default('0'))
    .addOption(new Option('--nodes <n>', 'how many simulated worker nodes').env('BINNACLE_NODES').default('3'))
    .addOption(new Option('--pod-cidr <cidr>', 'addresses of Pods').env('BINNACLE_POD_CIDR').default('10.244.0.0/16'))
    .addOption(
      new Option('--service-cidr <cidr>', 'addresses of Services').env('BINNACLE_SERVICE_CIDR').default('10.96.0.0/16'),
    )
    .addOption(
      new Option('--node-address-prefix <bytes>', 'loopback network of the simulated nodes')
        .env('BINNACLE_NODE_ADDRESS_PREFIX')
        .default('127.0.0'),
    )
    .addOption(new Option('--database-url <url>', 'use this Postgres instead of the embedded one').env('DATABASE_URL'))
    .addOption(new Option('--no-web', 'do not start the dashboard'));
}

function upCommand(): Command {
  return withClusterOptions(new Command('up'))
    .description('bring the cluster up and keep it up until Ctrl-C')
    .addOption(new Option('--verbose', 'print the logs of the kubelet').env('BINNACLE_VERBOSE'))
    .action((flags: UpFlags) => up(ctx, readUpSettings(flags)));
}

function initCommand(): Command {
  return withClusterOptions(new Command('init'))
    .description('make keys, kubeconfigs and the first account, and start nothing')
    .action((flags: UpFlags) => init(ctx, readUpSettings(flags)));
}

function nodeCommand(): Command {
  const command = new Command('node').description('stop, start and add simulated nodes');
  const dirOf = (flags: { dataDir: string }) => layout(flags.dataDir);
  command
    .command('stop <name>')
    .description('cut its power: no heartbeats, nothing answers')
    .addOption(dataDirOption())
    .action((name: string, flags: { dataDir: string }) => setNodeState(dirOf(flags), name, 'stopped'));
  command
    .command('start <name>')
    .description('switch it on again')
    .addOption(dataDirOption())
    .action((name: string, flags: { dataDir: string }) => setNodeState(dirOf(flags), name, 'running'));
  command
    .command('add <name>')
    .description('add a simulated node')
    .option('--cpu <quantity>', 'CPU capacity', '4')
    .option('--memory <quantity>', 'memory capacity', '8Gi')
    .addOption(dataDirOption())
    .action((name: string, flags: { dataDir: string; cpu: string; memory: string }) => {
      addNode(dirOf(flags), { name, cpu: flags.cpu, memory: flags.memory });
    });
  return command;
}

function balanceCommand(): Command {
  const collect = (value: string, others: string[] = []) => [...others, value];
  return new Command('balance')
    .description('one TCP port in front of several API servers')
    .addOption(new Option('--listen <address>', 'host:port to listen on').default('127.0.0.1:6443'))
    .addOption(
      new Option('--to <address>', 'host:port of a server; may be repeated').argParser(collect).makeOptionMandatory(),
    )
    .action((flags: BalanceFlags) => balance(ctx, flags));
}

const databaseOption = () =>
  new Option('--database-url <url>', 'this Postgres instead of the embedded one').env('DATABASE_URL');

async function exitWith(work: Promise<number>): Promise<void> {
  const code = await work;
  if (code !== 0) process.exitCode = code;
}

function backupCommand(): Command {
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

function restoreCommand(): Command {
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

function passwordCommand(): Command {
  return new Command('password')
    .description('give the first account a new password')
    .addOption(dataDirOption())
    .addOption(databaseOption())
    .action((flags: StoreFlags) => exitWith(newPassword(ctx, flags)));
}

function program(): Command {
  const root = new Command('binnacle')
    .description('a Kubernetes control plane that remembers everything')
    .version('0.1.0');
  root.addCommand(upCommand());
  root.addCommand(initCommand());
  root.addCommand(nodeCommand());
  root.addCommand(balanceCommand());
  root.addCommand(backupCommand());
  root.addCommand(restoreCommand());
  root.addCommand(passwordCommand());
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
  root
    .command('kubeconfig')
    .description("print the administrator's kubeconfig")
    .addOption(dataDirOption())
    .action((flags: { dataDir: string }) => printKubeconfig(flags.dataDir));
  root
    .command('doctor')
    .description('look for what would keep the cluster from running, and whether the store is sound')
    .addOption(dataDirOption())
    .addOption(databaseOption())
    .action(async (flags: StoreFlags) => {
      if (!(await doctor(ctx, flags.dataDir))) process.exitCode = 1;
      if (flags.databaseUrl || hasDatabase(layout(flags.dataDir)))
        await exitWith(operateStore(ctx, 'examine', flags, []));
      else process.stdout.write('· store: there is none yet\n');
    });
  return root;
}

function printKubeconfig(dataDir: string): void {
  const file = layout(dataDir).adminKubeconfig;
  try {
    process.stdout.write(readFileSync(file, 'utf8'));
  } catch {
    throw new ConfigError(`there is no kubeconfig at ${file}; run "binnacle up" first`);
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!abort.signal.aborted) process.stdout.write('\n');
    abort.abort(new Error(`stopped by ${signal}`));
  });
}

// Whoever reads may go first: a closed terminal, a pipe into `head`. What is under way is still brought to its end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  await sayPlainly(program()).parseAsync();
} catch (error) {
  if (error === abort.signal.reason) process.exitCode = 0;
  else if (error instanceof ConfigError || error instanceof StartError) {
    process.stderr.write(`binnacle: ${error.message}\n`);
    process.exitCode = error instanceof ConfigError ? 2 : 1;
  } else {
    process.stderr.write(`binnacle: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  }
}
