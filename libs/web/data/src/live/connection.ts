/** How this tab stands with the server, for the indicator. */
export interface Connection {
  readonly state: 'connecting' | 'live' | 'reconnecting';
  /** When the state was entered, in milliseconds since the epoch. */
  readonly since: number;
  readonly paused: boolean;
}

type Listener = () => void;

/** A value React can subscribe to. */
export class Store<T> {
  private readonly listeners = new Set<Listener>();

  constructor(private value: T) {}

  readonly get = (): T => this.value;

  readonly subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of [...this.listeners]) listener();
  }

  get watched(): boolean {
    return this.listeners.size > 0;
  }
}
