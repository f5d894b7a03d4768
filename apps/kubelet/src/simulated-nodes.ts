import { type FSWatcher, watch } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CancelTimer, Context } from '@binnacle/machinery-context';
import { isQuantity } from '@binnacle/machinery-quantity';

/** A simulated node as its file says. */
export interface SimulatedNode {
  readonly name: string;
  readonly state: 'running' | 'stopped';
  readonly cpu: string;
  readonly memory: string;
  readonly pods: number;
  /** On the loopback network. */
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
}

const NAME = /^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/;
const RESCAN_MILLISECONDS = 20_000;
const SETTLE_MILLISECONDS = 20;

const DEFAULTS = { state: 'running', cpu: '4', memory: '8Gi', pods: 110, labels: {} } as const;

const CHECKS: ReadonlyArray<readonly [rule: string, holds: (node: Partial<SimulatedNode>) => boolean]> = [
  ['"name" must be a DNS name', ({ name }) => typeof name === 'string' && NAME.test(name)],
  ['"state" must be "running" or "stopped"', ({ state }) => state === 'running' || state === 'stopped'],
  ['"address" must be a loopback address', ({ address }) => typeof address === 'string' && address.startsWith('127.')],
  ['"cpu" must be a quantity', ({ cpu }) => isQuantity(cpu)],
  ['"memory" must be a quantity', ({ memory }) => isQuantity(memory)],
  ['"pods" must be a whole number', ({ pods }) => Number.isInteger(pods) && Number(pods) >= 0],
];

/** Reads a node's file; throws an Error that says what is wrong with it. */
export function readSimulatedNode(text: string): SimulatedNode {
  const given: unknown = JSON.parse(text);
  if (typeof given !== 'object' || given === null) throw new Error('it must hold an object');
  const node = { ...DEFAULTS, ...(given as Partial<SimulatedNode>) };
  const broken = CHECKS.find(([, holds]) => !holds(node));
  if (broken) throw new Error(broken[0]);
  return { ...(node as SimulatedNode), cpu: String(node.cpu), memory: String(node.memory) };
}

/** Follows the directory of simulated nodes and tells what should run now. */
export class SimulatedNodesDirectory {
  private scanning = false;
  private cancel: CancelTimer = () => undefined;
  private readonly texts = new Map<string, { readonly text: string; readonly node: SimulatedNode | undefined }>();

  constructor(
    private readonly directory: string,
    private readonly changed: (nodes: readonly SimulatedNode[]) => void,
  ) {}

  async start(ctx: Context): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const watcher: FSWatcher = watch(this.directory, () => this.scanIn(ctx, SETTLE_MILLISECONDS));
    watcher.on('error', (error) => ctx.logger.warn('the nodes directory is no longer watched', { error }));
    ctx.signal.addEventListener('abort', () => {
      watcher.close();
      this.cancel();
    });
    await this.scan(ctx);
  }

  private scanIn(ctx: Context, delay: number): void {
    this.cancel();
    if (!ctx.signal.aborted) this.cancel = ctx.clock.after(delay, () => void this.scan(ctx));
  }

  private async scan(ctx: Context): Promise<void> {
    if (this.scanning) return this.scanIn(ctx, SETTLE_MILLISECONDS);
    this.scanning = true;
    try {
      const files = (await readdir(this.directory)).filter((file) => /^[^.].*\.json$/.test(file)).sort();
      for (const file of files) await this.read(ctx, file);
      for (const file of this.texts.keys()) if (!files.includes(file)) this.texts.delete(file);
      this.changed([...this.texts.values()].flatMap(({ node }) => node ?? []));
    } catch (error) {
      ctx.logger.warn('the nodes directory cannot be read', { directory: this.directory, error });
    } finally {
      this.scanning = false;
      this.scanIn(ctx, RESCAN_MILLISECONDS);
    }
  }

  private async read(ctx: Context, file: string): Promise<void> {
    const text = await readFile(join(this.directory, file), 'utf8').catch(() => '');
    const known = this.texts.get(file);
    // A file that is being written may be empty for a moment.
    if (text.trim() === '' || text === known?.text) return;
    try {
      this.texts.set(file, { text, node: readSimulatedNode(text) });
    } catch (error) {
      ctx.logger.warn('a simulated node is left as it was', {
        file,
        error: error instanceof Error ? error.message : error,
      });
      this.texts.set(file, { text, node: known?.node });
    }
  }
}
