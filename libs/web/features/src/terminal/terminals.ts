import { type ObjectRef, Store } from '@binnacle/web-data';

/** What runs in one pane of the dock. */
export interface Terminal {
  readonly id: number;
  readonly pod: ObjectRef;
  readonly container: string;
  /** What is run, as one would type it; undefined attaches to what the container runs already. */
  readonly command: string | undefined;
}

interface Terminals {
  readonly open: readonly Terminal[];
  /** The one that was asked for last; it gets the focus. Counts up, so that asking twice is noticed. */
  readonly wanted: { readonly id: number; readonly time: number };
}

/** Each holds a connection and a screen with its past. */
export const MOST_TERMINALS = 8;
/** The program every image with a shell has. */
export const SHELL = 'sh';

/** The terminals of this page. They outlive whatever page within it opened them. */
export class TerminalList {
  readonly store = new Store<Terminals>({ open: [], wanted: { id: 0, time: 0 } });
  private last = 0;
  private used = 0;

  /** Opens one beside those that are open; of too many the oldest goes. */
  open(terminal: Omit<Terminal, 'id'>): void {
    this.last += 1;
    const open = [...this.store.get().open, { ...terminal, id: this.last }].slice(-MOST_TERMINALS);
    this.set(open, this.last);
  }

  close(id: number): void {
    const { open } = this.store.get();
    const at = open.findIndex((each) => each.id === id);
    const rest = open.filter((each) => each.id !== id);
    this.set(rest, (rest[at] ?? rest.at(-1))?.id ?? 0);
  }

  /** Another container, or another command, in the same pane. */
  change(id: number, to: Pick<Terminal, 'container' | 'command'>): void {
    const { open, wanted } = this.store.get();
    this.store.set({ open: open.map((each) => (each.id === id ? { ...each, ...to } : each)), wanted });
  }

  want(id: number): void {
    this.set(this.store.get().open, id);
  }

  /** The focus is there, whoever has put it there. */
  use(id: number): void {
    this.used = id;
  }

  /** Back into the one that had the focus last. */
  wantUsed(): void {
    this.want(this.used);
  }

  private set(open: readonly Terminal[], id: number): void {
    this.used = id;
    this.store.set({ open, wanted: { id, time: this.store.get().wanted.time + 1 } });
  }
}

export const terminals = new TerminalList();
