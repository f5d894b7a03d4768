import { Command } from 'commander';
import { dataDirOption } from '../command-options.js';
import { requireCluster } from '../data-dir/inspect.js';
import { layout } from '../data-dir/layout.js';
import { addNode } from '../nodes.js';
import { switchNode } from './switch-node.js';

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** `binnacle node stop|start|add` */
export function nodeCommand(): Command {
  const command = new Command('node').description('stop, start and add simulated nodes');
  const dirOf = (flags: { dataDir: string }) => requireCluster(layout(flags.dataDir));
  command
    .command('stop <name>')
    .description('cut its power: no heartbeats, nothing answers')
    .addOption(dataDirOption())
    .action((name: string, flags: { dataDir: string }) => say(switchNode(dirOf(flags), name, 'stopped')));
  command
    .command('start <name>')
    .description('switch it on again')
    .addOption(dataDirOption())
    .action((name: string, flags: { dataDir: string }) => say(switchNode(dirOf(flags), name, 'running')));
  command
    .command('add <name>')
    .description('add a simulated node')
    .option('--cpu <quantity>', 'CPU capacity', '4')
    .option('--memory <quantity>', 'memory capacity', '8Gi')
    .addOption(dataDirOption())
    .option('--devices <kinds>', 'devices that claims may be given, such as gpu=2,nic=1', '')
    .action((name: string, flags: { dataDir: string; cpu: string; memory: string; devices: string }) => {
      const { cpu, memory, devices } = flags;
      const { address } = addNode(dirOf(flags), { name, cpu, memory, devices });
      say(`Added ${name} at ${address}; a running cluster has it within seconds`);
    });
  return command;
}
