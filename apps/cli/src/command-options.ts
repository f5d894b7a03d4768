import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { defaultRoot } from './data-dir/layout.js';

/** Empty for an account without a home, which has to say where. */
const defaultDataDir = defaultRoot(process.getuid?.() ?? -1, process.env) ?? '';

/** Absolute, because what is started runs elsewhere. */
export const dataDirOption = () =>
  new Option('--data-dir <directory>', 'where everything is kept')
    .env('BINNACLE_DATA_DIR')
    .default(defaultDataDir)
    .argParser((path) => (path ? resolve(path) : defaultDataDir));

/** All that is said of an option, with commas between or one by one. */
const repeated = (value: string, others: readonly string[] = []): readonly string[] => [
  ...others,
  ...value.split(',').filter(Boolean),
];

/** The options that say what the cluster is, common to `up` and `init`. */
export function withClusterOptions(command: Command): Command {
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
    .addOption(
      new Option(
        '--load-balancer-cidr <cidr>',
        'addresses of load balancers, of a class as <class>=<cidr>; may be repeated',
      )
        .env('BINNACLE_LOAD_BALANCER_CIDR')
        .argParser(repeated),
    )
    .addOption(
      new Option('--no-cloud-controller-manager', 'give nobody addresses of load balancers').env(
        'BINNACLE_NO_CLOUD_CONTROLLER_MANAGER',
      ),
    )
    .addOption(new Option('--database-url <url>', 'use this Postgres instead of the embedded one').env('DATABASE_URL'))
    .addOption(
      new Option('--public-url <url>', 'https address the dashboard is reached at; may be repeated')
        .env('BINNACLE_PUBLIC_URL')
        .argParser(repeated),
    )
    .addOption(
      new Option(
        '--dns-upstream <servers>',
        'addresses, or /etc/resolv.conf: who is asked about names beside the clusters',
      ).env('BINNACLE_DNS_UPSTREAM'),
    )
    .addOption(new Option('--no-web', 'do not start the dashboard').env('BINNACLE_NO_WEB'))
    .addOption(new Option('--no-dns', "do not start the cluster's DNS").env('BINNACLE_NO_DNS'))
    .addOption(new Option('--no-ingress-controller', 'serve no Ingresses').env('BINNACLE_NO_INGRESS_CONTROLLER'));
}

/** Which Postgres the store is in. */
export const databaseOption = () =>
  new Option('--database-url <url>', 'this Postgres instead of the embedded one').env('DATABASE_URL');
