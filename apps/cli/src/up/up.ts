import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '@binnacle/machinery-context';
import { writeAccounts } from '../accounts.js';
import { requireUsableDatabase } from '../store/usable-database.js';
import { CONTROL_PLANE_NODE, type DataDir, layout } from '../data-dir/layout.js';
import { leftBehind, requireFreeDataDir, takeDataDir } from '../data-dir/pid-file.js';
import { requireUsableDataDir } from '../data-dir/inspect.js';
import { prepareAuditPolicy } from '../data-dir/audit-policy.js';
import { prepareAuthentication } from '../data-dir/authentication-config.js';
import { prepareEncryption } from '../data-dir/encryption-config.js';
import { checkFormat, prepareDataDir } from '../data-dir/prepare.js';
import { writeIfChanged } from '../data-dir/write-file.js';
import * as components from '../manifests/control-plane.js';
import { type ComponentSpec, staticPod } from '../manifests/static-pod.js';
import { listNodes } from '../nodes.js';
import { requireMachine } from '../preflight/preflight.js';
import { requireSoundDatabase } from '../postgres/database-state.js';
import { embeddedDatabaseUrl, socketDirectory } from '../postgres/directory.js';
import { preparePostgres } from '../postgres/prepare-postgres.js';
import type { UpSettings } from '../settings.js';
import { Progress } from '../terminal/progress.js';
import { formatWelcome } from '../terminal/welcome.js';
import { ApiProbe } from './api-probe.js';
import { kubeletConfinement } from './kubelet-confinement.js';
import { KubeletPods } from './kubelet-pods.js';
import { endAbandonedKubelet, KubeletProcess, programs } from './kubelet-process.js';
import { FIRST_USER, prepareCredentials } from './prepare-credentials.js';
import { Readiness } from './readiness.js';

/** Answers whether people can sign in already, as they do at a database that other API servers use. */
async function checkBefore(settings: UpSettings, dir: DataDir, adopts: boolean): Promise<boolean> {
  if (!settings.databaseUrl) requireSoundDatabase(dir);
  await requireMachine(settings, dir, adopts);
  return settings.databaseUrl ? (await requireUsableDatabase(settings.databaseUrl)).hasAccounts : false;
}

function databaseOf({ databaseUrl }: UpSettings, dir: DataDir): components.DatabaseSource {
  if (!databaseUrl) return { embeddedUrl: embeddedDatabaseUrl(dir) };
  const file = dir.databaseUrlFile;
  writeIfChanged(file, `${databaseUrl}\n`, 0o600);
  return { file, written: statSync(file).mtime.toISOString() };
}

async function planComponents(ctx: Context, settings: UpSettings, dir: DataDir): Promise<ComponentSpec[]> {
  const options = { ...settings, dir, programs, database: databaseOf(settings, dir) };
  return [
    ...(settings.databaseUrl ? [] : [components.postgres(dir, await preparePostgres(ctx, dir))]),
    components.apiServer(options),
    ...components.workers(options),
    ...(settings.dns ? [components.dns(options)] : []),
    ...(settings.ingresses ? [components.ingressController(options)] : []),
    components.simulatedKubelet(options),
    ...(settings.web ? [components.web(options)] : []),
  ];
}

/** Keys and database are made at the same time; both have come to an end when one of them has failed. */
async function prepare(ctx: Context, settings: UpSettings, dir: DataDir) {
  const password = prepareCredentials(ctx, settings, dir);
  const specs = planComponents(ctx, settings, dir);
  await Promise.allSettled([password, specs]);
  return [await password, await specs] as const;
}

/** Writes what should run and removes what no longer should; what somebody else put there stays. */
function writeManifests(dir: DataDir, specs: readonly ComponentSpec[]): void {
  const unwanted = components.OPTIONAL.filter((name) => !specs.some((spec) => spec.name === name));
  for (const name of unwanted) rmSync(join(dir.manifests, `${name}.yaml`), { force: true });
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
  const confinement = kubeletConfinement();
  const [password, specs] = await progress.step('Preparing', () => prepare(ctx, settings, dir));
  writeManifests(dir, specs);
  await endAbandonedKubelet(ctx, dir);
  // Postgres may still run behind its socket, and is adopted.
  if (!adopts) rmSync(join(socketDirectory(dir), '.s.PGSQL.5432'), { force: true });
  const { verbose, ports } = settings;
  const flags = components.cloudProviderFlag(settings);
  const started = { dir, port: ports.kubelet, verbose, flags, confinement: await confinement };
  const kubelet = await KubeletProcess.start(started);
  try {
    const api = new ApiProbe(dir, settings.ports.apiServer);
    const pods = new KubeletPods(new ApiProbe(dir, settings.ports.kubelet));
    const cluster = { dir, api, kubelet, pods, components: specs.map(({ name }) => name) };
    await waitUntilUp(progress, new Readiness(ctx, cluster), settings, { dir, specs });
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
  requireUsableDataDir(dir);
  requireFreeDataDir(dir);
  checkFormat(dir);
  // What a killed run left behind holds the ports, and is adopted by the new kubelet.
  const adopts = leftBehind(dir) !== 'nothing';
  const hasAccounts = await checkBefore(settings, dir, adopts);
  prepareDataDir(dir);
  prepareAuditPolicy(dir);
  prepareAuthentication(dir);
  prepareEncryption(dir, ctx.clock.now());
  const release = takeDataDir(dir);
  try {
    // A password made up now would be shown and would not hold.
    if (hasAccounts && !existsSync(dir.accounts)) writeAccounts(dir, []);
    await runCluster(ctx, settings, dir, adopts);
  } finally {
    release();
  }
}
