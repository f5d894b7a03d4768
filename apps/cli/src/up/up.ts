import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '@binnacle/machinery-context';
import { writeAccounts } from '../accounts.js';
import { requireUsableDatabase } from '../commands/store.js';
import { type DataDir, layout } from '../data-dir/layout.js';
import { leftBehind, requireFreeDataDir, takeDataDir } from '../data-dir/pid-file.js';
import { prepareDataDir } from '../data-dir/prepare.js';
import { writeIfChanged } from '../data-dir/write-file.js';
import * as components from '../manifests/control-plane.js';
import { type ComponentSpec, staticPod } from '../manifests/static-pod.js';
import { listNodes } from '../nodes.js';
import { requireFreePorts } from '../ports.js';
import { findBinaries, postgresUser } from '../postgres/binaries.js';
import { embeddedDatabaseUrl, preparePostgresDirectories, socketDirectory } from '../postgres/directory.js';
import type { UpSettings } from '../settings.js';
import { Progress } from '../terminal/progress.js';
import { formatWelcome } from '../terminal/welcome.js';
import { ApiProbe } from './api-probe.js';
import { endAbandonedKubelet, KubeletProcess, programs } from './kubelet-process.js';
import { CONTROL_PLANE_NODE, FIRST_USER, prepareCredentials } from './prepare-credentials.js';
import { Readiness } from './readiness.js';

/** Answers whether people can sign in already, as they do at a database that other API servers use. */
async function checkBefore(settings: UpSettings, adopts: boolean): Promise<boolean> {
  if (!adopts) await checkPorts(settings);
  return settings.databaseUrl ? (await requireUsableDatabase(settings.databaseUrl)).hasAccounts : false;
}

async function checkPorts({ ports, web }: UpSettings): Promise<void> {
  await requireFreePorts([
    { flag: '--port', purpose: 'the API server', port: ports.apiServer },
    ...(web ? [{ flag: '--web-port', purpose: 'the dashboard', port: ports.web }] : []),
    { flag: '--port-offset', purpose: 'the kubelet', port: ports.kubelet },
    { flag: '--port-offset', purpose: 'the scheduler', port: ports.scheduler },
    { flag: '--port-offset', purpose: 'the controller manager', port: ports.controllerManager },
    { flag: '--port-offset', purpose: 'kube-proxy', port: ports.kubeProxy },
  ]);
}

async function embeddedPostgres(dir: DataDir): Promise<components.EmbeddedPostgres> {
  const user = postgresUser(process.getuid?.() ?? -1, process.getgid?.() ?? -1);
  preparePostgresDirectories(dir, user);
  return { user, binaries: await findBinaries(user, join(dir.root, 'lib', 'postgres')) };
}

async function planComponents(settings: UpSettings, dir: DataDir): Promise<ComponentSpec[]> {
  const options = { ...settings, dir, programs, databaseUrl: settings.databaseUrl ?? embeddedDatabaseUrl(dir) };
  return [
    ...(settings.databaseUrl ? [] : [components.postgres(options, await embeddedPostgres(dir))]),
    components.apiServer(options),
    ...components.workers(options),
    components.simulatedKubelet(options),
    ...(settings.web ? [components.web(options)] : []),
  ];
}

/** Writes what should run and removes what no longer should. */
function writeManifests(dir: DataDir, specs: readonly ComponentSpec[]): void {
  const wanted = new Set(specs.map((spec) => `${spec.name}.yaml`));
  for (const file of readdirSync(dir.manifests)) if (!wanted.has(file)) rmSync(join(dir.manifests, file));
  for (const spec of specs) writeIfChanged(join(dir.manifests, `${spec.name}.yaml`), staticPod(spec));
}

async function waitUntilUp(
  progress: Progress,
  ready: Readiness,
  settings: UpSettings,
  plan: { dir: DataDir; specs: readonly ComponentSpec[] },
): Promise<void> {
  const { dir, specs } = plan;
  if (!settings.databaseUrl) await progress.step('Postgres', () => ready.database(socketDirectory(dir)));
  await progress.step('API server', () => ready.apiServer());
  const nodes = [
    CONTROL_PLANE_NODE,
    ...listNodes(dir)
      .filter((node) => node.state === 'running')
      .map((node) => node.name),
  ];
  await progress.step(`${nodes.length} nodes`, () => ready.nodes(nodes));
  if (settings.web) await progress.step('Dashboard', () => ready.dashboard(settings.ports.web));
  await progress.step(`${specs.length} components`, () =>
    ready.controlPlane(
      specs.map((spec) => spec.name),
      CONTROL_PLANE_NODE,
    ),
  );
}

async function runCluster(ctx: Context, settings: UpSettings, dir: DataDir, adopts: boolean): Promise<void> {
  const progress = new Progress(process.stdout, ctx.clock);
  process.stdout.write(`Starting Binnacle in ${dir.root}\n`);
  const password = await prepareCredentials(ctx, settings, dir);
  const specs = await planComponents(settings, dir);
  writeManifests(dir, specs);
  await endAbandonedKubelet(ctx, dir);
  // Postgres may still run behind its socket, and is adopted.
  if (!adopts) rmSync(join(socketDirectory(dir), '.s.PGSQL.5432'), { force: true });
  const kubelet = KubeletProcess.start({ dir, port: settings.ports.kubelet, verbose: settings.verbose });
  try {
    const api = new ApiProbe(dir, settings.ports.apiServer);
    await waitUntilUp(progress, new Readiness(ctx, dir, api, kubelet), settings, { dir, specs });
    process.stdout.write(
      formatWelcome({
        webUrl: settings.web ? `http://127.0.0.1:${settings.ports.web}` : undefined,
        apiUrl: `https://127.0.0.1:${settings.ports.apiServer}`,
        kubeconfig: dir.adminKubeconfig,
        user: FIRST_USER,
        password,
        dataDir: dir.root,
        seconds: progress.elapsedSeconds,
      }),
    );
    await kubelet.supervise(ctx);
  } finally {
    await progress.step('Stopping', () => kubelet.stop());
  }
}

/** Brings the whole cluster up and keeps it up until the context aborts. */
export async function up(ctx: Context, settings: UpSettings): Promise<void> {
  const dir = layout(settings.dataDir);
  // Looked at before anything is made: a mistake must leave no trace.
  requireFreeDataDir(dir);
  // What a killed run left behind holds the ports, and is adopted by the new kubelet.
  const adopts = leftBehind(dir) !== 'nothing';
  const hasAccounts = await checkBefore(settings, adopts);
  prepareDataDir(dir);
  const release = takeDataDir(dir);
  try {
    // A password made up now would be shown and would not hold.
    if (hasAccounts && !existsSync(dir.accounts)) writeAccounts(dir, []);
    await runCluster(ctx, settings, dir, adopts);
  } finally {
    release();
  }
}
