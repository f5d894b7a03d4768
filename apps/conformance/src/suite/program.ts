import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CUT_OFF, focusOf, namesOf, type Outcome, outcomesOf } from './cases.js';

const CONFORMANCE = String.raw`\[Conformance\]`;
/** Of one piece: a case that waits for what never comes gives up by itself within ten minutes or so. */
const PIECE_MINUTES = 60;
const LAST_WORDS = 4000;

const FLAGS = [
  '--provider=skeleton',
  '--ginkgo.no-color',
  '--allowed-not-ready-nodes=10',
  '--minStartupPods=0',
  '--system-pods-startup-timeout=20s',
  '--dump-logs-on-failure=false',
  '--disable-log-dump=true',
  '--delete-namespace=true',
];

interface Ended {
  readonly said: string;
  /** Empty where it was not written. */
  readonly junit: string;
}

/** The suite's own program. */
export class SuiteProgram {
  constructor(
    private readonly path: string,
    private readonly kubeconfig: string,
  ) {}

  /** The names of all conformance cases, which needs no cluster. */
  async list(): Promise<string[]> {
    const { junit, said } = await this.start([`--ginkgo.focus=${CONFORMANCE}`, '--ginkgo.dry-run']);
    const names = namesOf(junit);
    if (names.length === 0) throw new Error(`${this.path} lists no conformance cases: ${said}`);
    return names;
  }

  /** Runs these cases one after another. One that the program does not tell of has failed with what it said last. */
  async run(names: readonly string[]): Promise<Outcome[]> {
    const { junit, said } = await this.start([
      `--kubeconfig=${this.kubeconfig}`,
      `--ginkgo.focus=${focusOf(names)}`,
      `--ginkgo.timeout=${PIECE_MINUTES}m`,
    ]);
    const told = new Map(outcomesOf(junit).map((outcome) => [outcome.name, outcome]));
    return names.map((name) => told.get(name) ?? { name, passed: false, seconds: 0, message: `${CUT_OFF}${said}` });
  }

  private async start(flags: readonly string[]): Promise<Ended> {
    const folder = mkdtempSync(join(tmpdir(), 'bn-suite-'));
    const report = join(folder, 'junit.xml');
    try {
      const child = spawn(this.path, [...FLAGS, ...flags, `--ginkgo.junit-report=${report}`], {
        stdio: ['ignore', 'pipe', 'pipe'],
        cwd: folder,
      });
      let said = '';
      const hear = (chunk: Buffer) => {
        said = (said + String(chunk)).slice(-LAST_WORDS);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      await once(child, 'close');
      return { said, junit: existsSync(report) ? readFileSync(report, 'utf8') : '' };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
