// Kills databases and servers at random under load and then checks every promise of the store against what clients saw.
//   npm run bench -- faults --seconds 600 --seed 7
//   npm run bench -- faults --part machine --hold 120            (the machine's faults alone, as root)
//   npm run bench -- faults --part machine --only disk,frozen    (or supervisors, crowded, files; --damage 10 for ten files)
//   npm run bench -- faults --part machine --only files --from power-loss    (instead of an installation that was stopped)
//   npm run bench -- faults --inject early-ack      (must fail: writes are acknowledged before they are durable)
//   npm run bench -- faults --inject async-commit   (must fail: the database itself acknowledges too early)
import { systemClock } from '@binnacle/process-lifecycle';
import { createPostgresStorage } from '@binnacle/server-storage-postgres';
import { PostgresServer, startStandby } from '@binnacle/server-storage-postgres/testing';
import { check } from './checker.mjs';
import { machineFaults } from './machine-faults.mjs';
import { randomFrom } from './random.mjs';
import { now, Replicas } from './replicas.mjs';

const CLUSTER = 'faults';
const KEYS = 40;
const REFUSALS = new Set(['exists', 'notFound', 'conflict', 'overloaded', 'invalid']);
const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const ctx = { signal: new AbortController().signal, clock: systemClock, logger: silent };
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function until(what, condition, seconds = 60) {
  const deadline = performance.now() + seconds * 1_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`timed out waiting until ${what}`);
    await pause(50);
  }
}

/** Both parts, or one of them: of the store under its clients, and of a whole installation on a machine. */
export async function run(options) {
  const seed = Number(options.seed ?? Math.floor(Math.random() * 2 ** 31));
  const parts = options.part?.split(',') ?? ['store', 'machine'];
  const store = parts.includes('store') ? await storeFaults(options, seed) : undefined;
  const machine = parts.includes('machine') ? await wholeMachine(options, seed) : undefined;
  const failed = Boolean(store?.failed || machine?.failed);
  return { record: parts.length === 2 && !options.inject, seed, store, machine, failed };
}

async function wholeMachine(options, seed) {
  console.log(`faults of a machine: seed ${seed}`);
  const rows = await machineFaults(options, randomFrom(seed));
  const broken = rows.filter(({ violations }) => violations.length > 0);
  console.log(
    broken.length === 0 ? 'every fault was survived or told' : `${broken.length} of ${rows.length} faults were not`,
  );
  return { rows, failed: broken.length > 0 };
}

async function storeFaults(options, seed) {
  const settings = {
    seconds: Number(options.seconds ?? 40),
    writers: Number(options.writers ?? 64),
    watchers: Number(options.watchers ?? 50),
  };
  console.log(
    `faults: seed ${seed}, ${settings.seconds} s, ${settings.writers} writers, ${settings.watchers} watchers${options.inject ? `, injected fault ${options.inject}` : ''}`,
  );
  const trial = new Trial(seed, settings, options.inject);
  try {
    await trial.start();
    await trial.storm();
    const violations = await trial.verdict();
    for (const violation of violations.slice(0, 10)) console.log(`  violation: ${violation}`);
    console.log(
      violations.length === 0
        ? 'every promise was kept'
        : `${violations.length} violations; run again with --seed ${seed}`,
    );
    return {
      ...settings,
      inject: options.inject,
      ...trial.counts(),
      violations: violations.slice(0, 100),
      failed: violations.length > 0,
    };
  } finally {
    await trial.stop();
  }
}

class Trial {
  constructor(seed, settings, inject) {
    Object.assign(this, { settings, inject, random: randomFrom(seed) });
    this.operations = [];
    this.stretches = [];
    this.positions = new Map(Array.from({ length: settings.watchers }, (_, watcher) => [watcher, 0]));
    this.faults = { postgres: 0, replica: 0, failover: 0 };
    this.running = true;
  }

  async start() {
    const durable = this.inject === 'async-commit' ? { synchronous_commit: 'off', wal_writer_delay: '10s' } : {};
    this.primary = await PostgresServer.start({ settings: { wal_keep_size: '1GB', ...durable } });
    // Migrated before the standby is copied, which wants a server at rest.
    const setup = await createPostgresStorage(ctx, { databaseUrl: this.primary.url() });
    await setup.createCluster(ctx, CLUSTER);
    await setup.close();
    this.standby = await startStandby(this.primary);
    if (!this.inject) await this.waitForStandby();
    const hosts = [this.primary, this.standby.server].map(({ socketDir }) => encodeURIComponent(socketDir)).join(',');
    this.databaseUrl = `postgres://postgres@/postgres?host=${hosts}&target_session_attrs=read-write`;
    this.replicas = new Replicas({
      count: 3,
      databaseUrl: this.databaseUrl,
      cluster: CLUSTER,
      onWatch: (stretch) => this.watched(stretch),
      onWatchEnd: (watcher) => this.rewatch(watcher),
    });
    await this.replicas.start();
    for (const watcher of this.positions.keys()) this.rewatch(watcher);
  }

  /** From now on nothing is acknowledged that the standby has not got. */
  async waitForStandby() {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: this.primary.url() });
    await client.connect();
    await client.query("alter system set synchronous_standby_names = 'standby'");
    await client.query('select pg_reload_conf()');
    await until(
      'the standby streams',
      async () => (await client.query("select 1 from pg_stat_replication where sync_state = 'sync'")).rowCount === 1,
    );
    await client.end();
  }

  async storm() {
    const writers = Array.from({ length: this.settings.writers }, (_, writer) =>
      this.writer(writer, this.random.fork(writer + 1)),
    );
    await this.breakThings(this.random.fork(1_000));
    this.running = false;
    await Promise.all(writers);
  }

  /** Kills databases and replicas at random, the database first; in the middle the standby takes over for good. */
  async breakThings(random) {
    const end = performance.now() + this.settings.seconds * 1_000;
    const takeover = performance.now() + this.settings.seconds * 500;
    while (performance.now() < end || this.faults.postgres === 0) {
      await pause(random.between(800, 2_500));
      if (!this.inject && this.faults.failover === 0 && performance.now() > takeover) await this.failOver();
      else if (this.faults.postgres === 0 || random.next() < 0.4) await this.restartPostgres(random);
      else this.killReplica(random);
    }
  }

  async restartPostgres(random) {
    this.faults.postgres += 1;
    const server = this.faults.failover ? this.standby.server : this.primary;
    await server.kill();
    await pause(random.between(0, 500));
    await server.start();
  }

  killReplica(random) {
    this.faults.replica += 1;
    this.replicas.kill(random.below(3));
  }

  async failOver() {
    this.faults.failover += 1;
    await this.primary.kill();
    await this.standby.promote();
  }

  async writer(writer, random) {
    for (let turn = 0; this.running; turn += 1) {
      const replica = this.replicas.pick(random.below(3));
      if (!replica) await pause(100);
      else await this.changeSomething(replica, `w${writer}-${turn}`, random);
      await pause(random.between(0, 60));
    }
  }

  async changeSomething(replica, id, random) {
    const name = `key-${random.below(KEYS)}`;
    const seen = await this.operate(replica, { kind: 'read', name }, { do: 'read', name });
    if (seen.outcome !== 'ok') return pause(50);
    const op = seen.revision === 0 ? 'create' : random.next() < 0.2 ? 'delete' : 'update';
    const expected = op === 'create' ? undefined : seen.revision;
    const early = this.inject === 'early-ack';
    await this.operate(
      replica,
      { kind: 'write', op, name, expected, id },
      { do: 'write', op, name, expected, id, early },
    );
  }

  /** Does it and remembers what the client was told. */
  async operate(replica, operation, message) {
    const begun = now();
    const { result, error } = await this.replicas.call(replica, message);
    const outcome = result ? 'ok' : REFUSALS.has(error) ? 'refused' : 'unknown';
    const done = { ...operation, begun, ended: now(), outcome, ...(result && { revision: result.revision }) };
    this.operations.push(done);
    return done;
  }

  watched(stretch) {
    this.stretches.push(stretch);
    this.positions.set(stretch.watcher, stretch.to);
  }

  rewatch(watcher) {
    const replica = this.replicas.pick(watcher);
    if (replica) this.replicas.watch(replica, watcher, this.positions.get(watcher));
    else if (!this.replicas.closed) setTimeout(() => this.rewatch(watcher), 100);
  }

  /** Lets everything come to rest, reads the log and compares. */
  async verdict() {
    const storage = await createPostgresStorage(ctx, { databaseUrl: this.databaseUrl, migrate: false });
    try {
      const newest = await storage.revision(ctx, CLUSTER);
      const behind = () => [...this.positions.values()].some((position) => position !== newest);
      await until('all watchers have seen everything', () => !behind(), 30).catch(() => undefined);
      const log = [];
      for (let chunk = [undefined]; chunk.length > 0; log.push(...chunk))
        chunk = await storage.history(ctx, CLUSTER, log.length, 1_000);
      this.newest = newest;
      const { findings } = await storage.examine(ctx);
      const { operations, stretches } = this;
      const broken = findings.map((finding) => `it does not hold that ${finding.invariant}: ${finding.example}`);
      return [...check({ log, newest, operations, stretches, watchers: [...this.positions.keys()] }), ...broken];
    } finally {
      await storage.close();
    }
  }

  counts() {
    const count = (outcome) =>
      this.operations.filter((operation) => operation.kind === 'write' && operation.outcome === outcome).length;
    const summary = {
      acknowledged: count('ok'),
      refused: count('refused'),
      unknown: count('unknown'),
      changes: this.newest,
      faults: this.faults,
    };
    console.log(`  ${JSON.stringify(summary)}`);
    return summary;
  }

  async stop() {
    this.running = false;
    this.replicas?.close();
    await this.standby?.stop();
    await this.primary?.stop();
  }
}
