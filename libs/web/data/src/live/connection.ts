/** How this tab stands with the server, for the indicator. */
export interface Connection {
  /** `reconnecting` as soon as the line is silent, even if nobody has said that it is cut. */
  readonly state: 'connecting' | 'live' | 'reconnecting';
  /** When the state was entered, in milliseconds since the epoch. */
  readonly since: number;
  /** While `reconnecting`: the last moment at which everything shown was known to be current. */
  readonly asOf: number;
  readonly paused: boolean;
  /** While paused: when the views were held, in milliseconds since the epoch. */
  readonly pausedAt: number;
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
