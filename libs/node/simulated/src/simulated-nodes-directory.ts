import { type FSWatcher, watch } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CancelTimer, Context } from '@binnacle/machinery-context';
import { readSimulatedNode, type SimulatedNode } from './simulated-node.js';

const RESCAN_MILLISECONDS = 20_000;
const SETTLE_MILLISECONDS = 20;

interface NodeFile {
  readonly file: string;
  readonly node: SimulatedNode;
}

/** A file as it was read last; where it was not right, the node is as it was before. */
interface ReadFile {
  readonly text: string;
  readonly node: SimulatedNode | undefined;
  readonly isRight: boolean;
}

/** Leaves out what another file has already: two nodes of one name or address would only disturb each other. */
export function distinctNodes(files: readonly NodeFile[]): { nodes: SimulatedNode[]; complaints: string[] } {
  const complaints: string[] = [];
  const taken = new Map<string, string>();
  const nodes = files.flatMap(({ file, node }) => {
    const wanted = [`the name ${node.name}`, `the address ${node.address}`];
    const clash = wanted.find((what) => taken.has(what));
    if (clash) {
      complaints.push(`${file}: ${taken.get(clash)} has ${clash}`);
      return [];
    }
    for (const what of wanted) taken.set(what, file);
    return [node];
  });
  return { nodes, complaints };
}

/** Follows the directory of simulated nodes and tells what should run now. */
export class SimulatedNodesDirectory {
  private scanning = false;
  private cancel: CancelTimer = () => undefined;
  private readonly texts = new Map<string, ReadFile>();
  /** What was said of files that are left out, so that it is said once. */
  private complaints = '';

  constructor(
    private readonly directory: string,
    /** `isWhole` is false where some file could not be taken for what it says: who is not told of may be there. */
    private readonly changed: (nodes: readonly SimulatedNode[], isWhole: boolean) => void,
  ) {}

  /** Resolves when the directory has been looked at once, whatever came of it. */
  async start(ctx: Context): Promise<void> {
    const watcher = this.watch(ctx);
    ctx.signal.addEventListener('abort', () => {
      watcher?.close();
      this.cancel();
    });
    await this.scan(ctx);
  }

  /** Machines give only so many watches; without one the directory is still looked through again and again. */
  private watch(ctx: Context): FSWatcher | undefined {
    const complain = (error: unknown) => ctx.logger.warn('the nodes directory is not watched', { error });
    try {
      return watch(this.directory, () => this.scanIn(ctx, SETTLE_MILLISECONDS)).on('error', complain);
    } catch (error) {
      complain(error);
      return undefined;
    }
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
      let isWhole = true;
      for (const file of files) if (!(await this.read(ctx, file))) isWhole = false;
      for (const file of this.texts.keys()) if (!files.includes(file)) this.texts.delete(file);
      const nodes = this.distinct(ctx);
      this.changed(nodes, isWhole && this.complaints === '');
    } catch (error) {
      ctx.logger.warn('the nodes directory cannot be read', { directory: this.directory, error });
    } finally {
      this.scanning = false;
      this.scanIn(ctx, RESCAN_MILLISECONDS);
    }
  }

  /** A name and an address are the node's that had them first, in the order of the files. */
  private distinct(ctx: Context): readonly SimulatedNode[] {
    const files = [...this.texts].sort(([one], [other]) => (one < other ? -1 : 1));
    const { nodes, complaints } = distinctNodes(files.flatMap(([file, { node }]) => (node ? [{ file, node }] : [])));
    const said = complaints.join('; ');
    if (said && said !== this.complaints) ctx.logger.warn('a simulated node is left out', { error: said });
    this.complaints = said;
    return nodes;
  }

  /** Answers whether the node is as the file says. */
  private async read(ctx: Context, file: string): Promise<boolean> {
    const text = await readFile(join(this.directory, file), 'utf8').catch(() => '');
    const known = this.texts.get(file);
    // A file that is being written may be empty for a moment.
    if (text.trim() === '') return false;
    if (text === known?.text) return known.isRight;
    try {
      this.texts.set(file, { text, node: readSimulatedNode(text), isRight: true });
      return true;
    } catch (error) {
      ctx.logger.warn('a simulated node is left as it was', {
        file,
        error: error instanceof Error ? error.message : error,
      });
      this.texts.set(file, { text, node: known?.node, isRight: false });
      return false;
    }
  }
}
