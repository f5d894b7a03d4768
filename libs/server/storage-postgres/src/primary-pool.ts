import type { Socket } from 'node:net';
import type { Logger } from '@binnacle/machinery-context';
import pg from 'pg';
import type { DatabaseAddress } from './database-url.js';
import { DatabaseSilentError } from './errors.js';

const CONNECT_TIMEOUT = 5_000;
/** How long the database may keep silent while it owes an answer, in milliseconds; statements end sooner by themselves. */
export const PATIENCE = 15_000;
/** For what reads or writes everything: backups, forks, migrations. */
export const LONG_PATIENCE = 600_000;
const IDLE_IN_TRANSACTION = 60_000;
const READ_ONLY = "select pg_is_in_recovery() or current_setting('transaction_read_only')::bool as ro";
/**
 * A commit that waits for the synchronous standby. A primary that comes back from a crash shows commits which the standby
 * has not got yet and which a fail-over would take back; no connection reads before they have arrived there.
 */
const BARRIER = "select pg_logical_emit_message(true, 'binnacle', 'barrier')";

/** Which of several hosts is believed to take writes; shared by all connections of one store. */
export class Primary {
  private index = 0;

  constructor(
    readonly address: DatabaseAddress,
    private readonly logger: Logger,
  ) {}

  get host() {
    return this.address.hosts[this.index % this.address.hosts.length] as DatabaseAddress['hosts'][number];
  }

  /** The host failed, or takes no writes: the next connection tries another. */
  failed(host: string, reason: unknown): void {
    if (this.address.hosts.length < 2 || this.host.host !== host) return;
    this.index += 1;
    this.logger.warn('database host is no primary', { host, next: this.host.host, reason: String(reason) });
  }
}

export interface PoolOptions {
  readonly max: number;
  /** Connections that are kept however quiet it is, so that they are there when others have taken all that are left. */
  readonly min?: number;
  /** Milliseconds of silence after which a connection that owes an answer is given up; whether the statement ran is unknown. */
  readonly patience?: number;
  readonly applicationName: string;
  /** Whether a statement is sent while the one before it on the same connection still runs. */
  readonly pipelined?: boolean;
}

/** Connections to whichever host is the primary now. */
export class PrimaryPool extends pg.Pool {
  constructor(primary: Primary, options: PoolOptions) {
    super({
      ...clientOptions(primary.address),
      application_name: options.applicationName,
      max: options.max,
      min: options.min ?? 0,
      pipeline: options.pipelined ?? false,
      idleTimeoutMillis: 60_000,
      connectionTimeoutMillis: Math.min(CONNECT_TIMEOUT, options.patience ?? PATIENCE),
      Client: clientOf(primary, options.patience),
    } as pg.PoolConfig);
    // A lost idle connection is replaced by the next query that needs one.
    this.on('error', () => undefined);
  }
}

/**
 * What the server itself ends, so that the outcome is known. It stops counting where a commit begins to wait for its standby. Said
 * after signing in, not with it: poolers between us and the database refuse such parameters.
 */
function limits(patience: number): string {
  // Sooner than the connection is given up.
  const statement = Math.floor(patience * 0.8);
  // Who waits for a lock of a table makes all who come later wait.
  const lock = Math.min(statement, PATIENCE);
  const idle = Math.max(patience, IDLE_IN_TRANSACTION);
  return `set statement_timeout = ${statement}; set lock_timeout = ${lock}; set idle_in_transaction_session_timeout = ${idle}`;
}

function clientOptions(address: DatabaseAddress): pg.ClientConfig {
  const { user, password, database, ssl } = address;
  // A host that vanished without a word is noticed in the end.
  return { keepAlive: true, user: user ?? 'postgres', database, ...(password && { password }), ...(ssl && { ssl }) };
}

/** One connection outside any pool, for listening. */
export async function connectToPrimary(primary: Primary, applicationName: string): Promise<pg.Client> {
  const Client = clientOf(primary);
  const options = { application_name: applicationName, connectionTimeoutMillis: CONNECT_TIMEOUT };
  const client = new Client({ ...clientOptions(primary.address), ...options });
  await client.connect();
  return client;
}

/** What the driver does not publish of a client. */
interface ClientInside {
  readonly connection: { readonly stream: Socket };
  readonly _sentQueryQueue: readonly unknown[];
  _getActiveQuery(): unknown;
}

/** Gives up a connection that owes an answer and has been silent for too long, and with it everything that was asked on it. */
function endWhenSilent(client: pg.Client, patience: number): void {
  const inside = client as unknown as ClientInside;
  const { stream } = inside.connection;
  stream.setTimeout(patience, () => {
    const owes = inside._getActiveQuery() || inside._sentQueryQueue.length > 0;
    if (owes) stream.destroy(new DatabaseSilentError(patience));
  });
}

/** A client class whose every instance connects to the host believed primary, and insists that it is. */
export function clientOf(primary: Primary, patience = PATIENCE): typeof pg.Client {
  return class PrimaryClient extends pg.Client {
    private readonly target: string;

    constructor(config?: string | pg.ClientConfig) {
      const { host, port } = primary.host;
      // Pools hide the password from whoever copies their options.
      const { password } = primary.address;
      super({ ...(config as pg.ClientConfig), ...(password && { password }), host, port });
      this.target = host;
      // A connection that is lost while it is lent out says so through its query; unheard, the event would end the process.
      this.on('error', () => undefined);
    }

    override connect(): Promise<pg.Client>;
    override connect(callback: ((error: Error) => void) | ((error: null, client: pg.Client) => void)): void;
    override connect(callback?: unknown): Promise<pg.Client> | undefined {
      const connected = this.connectAsPrimary();
      if (typeof callback !== 'function') return connected;
      // The pool passes a callback and reads the error from it.
      connected.then(
        (client) => callback(null, client),
        (error) => callback(error),
      );
      return undefined;
    }

    private async connectAsPrimary(): Promise<pg.Client> {
      try {
        await super.connect();
        endWhenSilent(this, patience);
        await this.query(limits(patience));
        if (primary.address.readWrite && primary.address.hosts.length > 1) await this.insistOnPrimary();
        return this;
      } catch (error) {
        primary.failed(this.target, error);
        // What fails while signing in leaves its socket open, and the server counts it.
        void this.end().catch(() => undefined);
        throw error;
      }
    }

    private async insistOnPrimary(): Promise<void> {
      const { rows } = await this.query<{ ro: boolean }>(READ_ONLY);
      if (!rows[0]?.ro) {
        await this.query(BARRIER);
        return;
      }
      await this.end();
      throw new Error(`${this.target} takes no writes`);
    }
  };
}
