// Takes from a whole installation what a machine may take: its disk, its supervisors, its database's time, its files.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Load } from './load.mjs';
import { filesBelow, Machine, pause, until } from './machine.mjs';
import { lostWrites, unclearWords, vanishedFiles } from './machine-checker.mjs';

const SIZE = '700m';
/** Of the database's own directory: without any of these it cannot start or would lose something. */
const CRITICAL = [
  'PG_VERSION',
  'global/pg_control',
  'global/pg_filenode.map',
  'pg_xact/0000',
  'postgresql.conf',
  'pg_hba.conf',
];
/** A refusal has to come before a person gives up waiting. */
const WORDS_WITHIN = 20;
const FAULTS = ['nothing', 'disk', 'supervisors', 'frozen', 'crowded', 'files'];

/** Answers rows `{ fault, ... , violations }`. */
export async function machineFaults(options, random) {
  if (process.getuid() !== 0) {
    throw new Error('the faults of a machine need root: they mount a small file system (--part store runs the others)');
  }
  const only = options.only?.split(',') ?? FAULTS;
  const settings = {
    hold: Number(options.hold ?? 60),
    damage: Number(options.damage ?? 1_000),
    offset: Number(options.offset ?? 0),
    powerless: options.from === 'power-loss',
    match: new RegExp(options.match ?? ''),
  };
  const run = new MachineFaults({ ...settings, inject: options.inject, random });
  try {
    for (const signal of ['SIGINT', 'SIGTERM'])
      process.once(signal, () => run.close().finally(() => process.exit(130)));
    await run.open();
    for (const fault of FAULTS.filter((each) => only.includes(each))) await run[fault]();
    return run.rows;
  } finally {
    await run.close();
  }
}

class MachineFaults {
  constructor(options) {
    Object.assign(this, options, { rows: [], acknowledged: new Map() });
  }

  async open() {
    this.mount = mkdtempSync(join(tmpdir(), 'bnf-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'tmpfs', this.mount]);
    this.machine = new Machine(join(this.mount, 'data'), { offset: this.offset });
    const started = await this.machine.start(180);
    if (!started.up) throw new Error(`the installation does not start: ${started.words}`);
  }

  async close() {
    if (this.closed) return;
    this.closed = true;
    await this.machine?.stop();
    execFileSync('umount', ['-l', this.mount]);
    rmSync(this.mount, { recursive: true, force: true });
  }

  /** Runs a fault under load, and judges what came of it. */
  async under(fault, act) {
    const load = new Load(this.machine);
    const files = filesBelow(this.machine.root);
    const begun = performance.now();
    load.start();
    await pause(1_000);
    const notes = await act(load);
    await load.stop();
    for (const [name, value] of load.acknowledged) this.acknowledged.set(name, value);
    if (this.inject?.includes('lost-write')) await this.loseOne();
    if (this.inject?.includes('deleted-file')) rmSync(join(this.machine.root, 'settings.json'), { force: true });
    const violations = [
      ...(notes.violations ?? []),
      ...lostWrites(this.acknowledged, await this.machine.stored()),
      ...vanishedFiles(files, filesBelow(this.machine.root)),
    ];
    this.row({
      fault,
      seconds: Math.round((performance.now() - begun) / 1_000),
      acknowledged: load.acknowledged.size,
      longestGap: Math.round(load.longest),
      ...notes,
      told: [...load.told]
        .sort((a, b) => b[1] - a[1])
        .slice(0, 3)
        .map(([message]) => message),
      violations,
    });
  }

  row(row) {
    this.rows.push(row);
    const { fault, violations, told = [], words = '', outcome = '', recovery } = row;
    const verdict = violations.length === 0 ? 'ok' : `VIOLATED: ${violations.slice(0, 3).join('; ')}`;
    const times = recovery === undefined ? '' : `, ready again after ${recovery} s`;
    console.log(`  ${fault.padEnd(44)} ${outcome}${times} ${verdict}`);
    for (const each of [...told, words].filter(Boolean))
      console.log(`      told: ${each.split('\n')[0].slice(0, 170)}`);
  }

  /** A planted loss: the checker has to find it. */
  async loseOne() {
    const [name] = this.acknowledged.keys();
    await this.machine.call('DELETE', `/api/v1/namespaces/default/configmaps/${name}`);
  }

  /** The name of the check that fails, while the fault lasts. */
  async unready(seconds) {
    const named = await until(async () => {
      const { status, text } = await this.machine.call('GET', '/readyz', undefined, 6);
      return status === 500 && /\[-\](\S+ failed: .*)/.exec(text)?.[1];
    }, seconds);
    const { status } = await this.machine.call('GET', '/livez', undefined, 6);
    return {
      unready: named || undefined,
      violations: [...(named ? [] : ['/readyz did not fail']), ...(status === 200 ? [] : ['/livez failed'])],
    };
  }

  async recovered(seconds) {
    const begun = performance.now();
    const ready = await this.machine.ready(seconds);
    const recovery = Math.round((performance.now() - begun) / 100) / 10;
    const stored =
      ready && (await until(async () => (await this.machine.write(`again-${begun}`, 'x')).status === 201, 30));
    return { recovery, violations: stored ? [] : [`it was not ready again within ${seconds} s`] };
  }

  /** What the machine does without a fault; with `--inject` the checker has to find what was planted. */
  async nothing() {
    await this.under('nothing', async () => this.recovered(30));
  }

  async disk() {
    await this.under('the disk is full, and freed again', async () => {
      const fill = join(this.mount, 'fill');
      const stuff = () =>
        execFileSync('sh', ['-c', `dd if=/dev/zero of=${fill} bs=64k oflag=append conv=notrunc 2>/dev/null || :`]);
      stuff();
      const during = await this.unready(60);
      for (let second = 0; second < this.hold; second += 1) {
        stuff();
        await pause(1_000);
      }
      rmSync(fill);
      return merge(during, await this.recovered(120));
    });
  }

  async supervisors() {
    await this.under('the kubelet and up are dead', async (load) => {
      await this.machine.killSupervisors();
      const before = load.acknowledged.size;
      // Each failing statement is a line of Postgres' log, which nobody reads now.
      await pause(this.hold * 1_000);
      const violations = load.acknowledged.size - before > this.hold ? [] : ['writes stopped'];
      const started = await this.machine.start(120);
      return merge({ violations }, started.up ? await this.recovered(60) : { violations: [`up: ${started.words}`] });
    });
  }

  async frozen() {
    await this.under('Postgres stands still (SIGSTOP)', async () => {
      const family = this.machine.postgres();
      for (const pid of family) process.kill(pid, 'SIGSTOP');
      const during = await this.unready(30);
      await pause(Math.min(this.hold, 40) * 1_000);
      for (const pid of family) process.kill(pid, 'SIGCONT');
      return merge(during, await this.recovered(60));
    });
  }

  async crowded() {
    await this.under('others hold every connection of Postgres', async (load) => {
      const others = await this.takeConnections();
      const before = load.acknowledged.size;
      await pause(Math.min(this.hold, 20) * 1_000);
      const violations = load.acknowledged.size > before ? [] : ['writes stopped'];
      await Promise.all(others.map((client) => client.end()));
      return merge({ violations, connections: others.length }, await this.recovered(60));
    });
  }

  async takeConnections() {
    const { default: pg } = await import('pg');
    const host = encodeURIComponent(join(this.machine.root, 'run/postgres'));
    const others = [];
    for (;;) {
      const client = new pg.Client({ connectionString: `postgres://binnacle@/postgres?host=${host}` });
      client.on('error', () => undefined);
      try {
        await client.connect();
      } catch {
        return others;
      }
      others.push(client);
    }
  }

  /** Each file missing, cut in half and empty in turn, of a copy of the installation: stopped, or as after a loss of power. */
  async files() {
    if (this.acknowledged.size === 0) await this.nothing();
    if (this.powerless) await this.machine.loseEverything();
    else await this.machine.stop();
    this.base = join(this.mount, 'base');
    renameSync(this.machine.root, this.base);
    const cases = this.random.shuffle(this.damages().filter(({ path }) => this.match.test(path))).slice(0, this.damage);
    for (const { path, how } of cases) await this.damaged(path, how);
  }

  damages() {
    const files = filesBelow(this.base).filter(
      (path) => !/^(logs|lib)\/|\.raw(\.at)?$|\/pid$|reserve$|^postgres\/data\//.test(path),
    );
    const wal = filesBelow(join(this.base, 'postgres/data/pg_wal'))
      .filter((name) => /^[0-9A-F]{24}$/.test(name))
      .sort();
    const critical = [...CRITICAL, `pg_wal/${wal[0]}`].map((path) => `postgres/data/${path}`);
    return [...files, ...critical].flatMap((path) => ['missing', 'cut', 'empty'].map((how) => ({ path, how })));
  }

  async damaged(path, how) {
    const root = join(this.mount, 'data');
    execFileSync('cp', ['-a', this.base, root]);
    if (how === 'missing') rmSync(join(root, path));
    else truncateSync(join(root, path), how === 'cut' ? statSync(join(root, path)).size >> 1 : 0);
    const before = filesBelow(root);
    const machine = new Machine(root, { offset: this.offset });
    this.machine = machine;
    const started = await machine.start(60);
    const violations = started.up ? await this.judgeStart(machine) : this.judgeRefusal(started, machine);
    await machine.stop();
    if (this.inject?.includes('deleted-file')) rmSync(join(root, 'database.json'), { force: true });
    violations.push(...vanishedFiles(before, filesBelow(root), [path]));
    const outcome = `${started.up ? 'up' : 'refused'} after ${started.seconds.toFixed(1)} s`;
    this.row({ fault: `${path} ${how}`, outcome, words: started.up ? '' : started.words, violations });
    rmSync(root, { recursive: true });
  }

  async judgeStart(machine) {
    await machine.ready(20);
    const stored = await machine.stored().catch((error) => error);
    if (stored instanceof Error) return [`nothing can be read: ${stored.message}`];
    return lostWrites(this.acknowledged, stored);
  }

  judgeRefusal({ seconds, words }, machine) {
    if (!machine.isOver) return [`neither up nor refused after ${Math.round(seconds)} s`];
    const late = seconds > WORDS_WITHIN ? [`it said so only after ${Math.round(seconds)} s`] : [];
    return [...late, ...unclearWords(words)];
  }
}

function merge(...notes) {
  return { ...Object.assign({}, ...notes), violations: notes.flatMap(({ violations = [] }) => violations) };
}
