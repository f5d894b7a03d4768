import { resolve } from 'node:path';
import { silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { Command, type CommanderError } from 'commander';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { commandLine } from './command-line.js';
import { withClusterOptions } from './command-options.js';
import { readUpSettings, type UpFlags } from './settings.js';

const root = () => commandLine({ signal: new AbortController().signal, clock: systemClock, logger: silentLogger });

/** Everything that can be said, with its options: `cluster fork <source> <name>`. */
function told(command: Command, before = ''): string[] {
  const name = `${before}${command.name()}`;
  const words = [name, ...command.registeredArguments.map((argument) => `<${argument.name()}>`)].join(' ');
  return command.commands.length > 0 ? command.commands.flatMap((inner) => told(inner, `${name} `)) : [words];
}

describe('the command line', () => {
  test('has a command for everything that can be done', () => {
    expect(
      told(root())
        .map((words) => words.replace(/^binnacle /, ''))
        .sort(),
    ).toEqual([
      'backup <file>',
      'balance',
      'cluster create <name>',
      'cluster delete <name>',
      'cluster fork <source> <name>',
      'cluster list',
      'cluster retain <name>',
      'credential',
      'doctor',
      'down',
      'init',
      'invite',
      'kubeconfig',
      'login',
      'logout',
      'node add <name>',
      'node start <name>',
      'node stop <name>',
      'password',
      'restore <file>',
      'secrets reencrypt',
      'secrets rotate',
      'service-account-key rotate',
      'status',
      'team add <name>',
      'team list',
      'team members <team>',
      'team remove <name>',
      'token create <name>',
      'token list',
      'token revoke <id>',
      'up',
      'user add <name>',
      'user disable <name>',
      'user enable <name>',
      'user list',
      'user password <name>',
      'user remove <name>',
      'user sign-ins <name>',
    ]);
  });

  test('says of every command and of every option what it is', () => {
    const look = (command: Command): void => {
      expect([command.name(), command.description() !== '']).toEqual([command.name(), true]);
      for (const option of command.options)
        expect([option.long, option.description !== '']).toEqual([option.long, true]);
      command.commands.forEach(look);
    };
    look(root());
  });

  test.each<[string[], RegExp]>([
    [['start'], /unknown command 'start'/],
    [['up', '--colour'], /unknown option '--colour'/],
    [['backup'], /missing required argument 'file'/],
    [['cluster', 'fork', 'a'], /missing required argument 'name'/],
    [['balance'], /required option '--to <address>' not specified/],
    [['kubeconfig', '--at'], /option '--at <moment>' argument missing/],
    [['down', 'now'], /too many arguments/],
  ])('refuses %j', async (words, message) => {
    const command = root();
    let said = '';
    const listen = (one: Command): void => {
      one.exitOverride().configureOutput({ writeErr: (text) => void (said += text) });
      one.commands.forEach(listen);
    };
    listen(command);
    const failed = await command.parseAsync(words, { from: 'user' }).catch((error: CommanderError) => error);
    expect(failed).toMatchObject({ exitCode: 1 });
    expect(said).toMatch(message);
  });
});

describe('what a cluster is to be like', () => {
  afterEach(() => vi.unstubAllEnvs());
  const read = (...words: string[]) => {
    let flags: UpFlags | undefined;
    withClusterOptions(new Command('up'))
      .exitOverride()
      .action((given: UpFlags) => void (flags = given))
      .parse(words, { from: 'user' });
    return readUpSettings(flags as UpFlags);
  };

  test('is that of upstream where nothing is said', () => {
    expect(read('--data-dir', 'here')).toEqual({
      dataDir: resolve('here'),
      ports: {
        apiServer: 6443,
        web: 7080,
        kubelet: 10_250,
        scheduler: 10_259,
        controllerManager: 10_257,
        kubeProxy: 10_256,
        kubeProxyTraffic: 10_249,
        dns: 9153,
        ingressController: 10_254,
        cloudControllerManager: 10_258,
      },
      nodes: 3,
      databaseUrl: undefined,
      web: true,
      dns: true,
      ingresses: true,
      verbose: false,
      podCidr: '10.244.0.0/16',
      serviceCidr: '10.96.0.0/16',
      nodeAddressPrefix: '127.0.0',
      loadBalancerCidrs: ['127.97.0.0/24'],
    });
  });

  test.each<[Record<string, string>, string[], object]>([
    [{ BINNACLE_PORT: '7000', BINNACLE_NODES: '0' }, [], { nodes: 0, ports: { apiServer: 7000 } }],
    [{ BINNACLE_PORT: '7000' }, ['--port', '7001'], { ports: { apiServer: 7001 } }],
    [{ BINNACLE_PORT_OFFSET: '5' }, [], { ports: { apiServer: 6448, web: 7085, kubelet: 10_255 } }],
    [{ DATABASE_URL: 'postgres://h/d' }, [], { databaseUrl: 'postgres://h/d' }],
    [{ DATABASE_URL: '' }, [], { databaseUrl: undefined }],
    [{}, ['--no-web'], { web: false }],
    [{}, ['--no-dns'], { dns: false }],
    [{}, ['--no-ingress-controller'], { ingresses: false }],
    [{}, ['--no-cloud-controller-manager'], { loadBalancerCidrs: undefined }],
    [
      {},
      ['--load-balancer-cidr=127.97.1.0/24,a=127.98.0.0/24', '--load-balancer-cidr', '192.0.2.0/28'],
      { loadBalancerCidrs: ['127.97.1.0/24', 'a=127.98.0.0/24', '192.0.2.0/28'] },
    ],
    [{ BINNACLE_LOAD_BALANCER_CIDR: '127.99.0.0/24' }, [], { loadBalancerCidrs: ['127.99.0.0/24'] }],
    [{}, ['--dns-upstream', '/etc/resolv.conf'], { dnsUpstream: '/etc/resolv.conf' }],
    [{ BINNACLE_DNS_UPSTREAM: '192.0.2.53' }, [], { dnsUpstream: '192.0.2.53' }],
    [{ BINNACLE_DATA_DIR: '/elsewhere' }, [], { dataDir: '/elsewhere' }],
  ])('with %j and %j is %j', (env, words, settings) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    expect(read(...words)).toMatchObject(settings);
  });
});
