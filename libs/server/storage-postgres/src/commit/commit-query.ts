import pg, { type Connection } from 'pg';
import type { CommitMemory } from './commit-memory.js';
import { COMMIT, commitMessage } from './commit-message.js';
import type { QueuedWrite } from './commit-queue.js';

/** As `commit_batch` says; `outcomes` is null where everything was stored. */
export type CommitRow = [base: string | null, at: string, outcomes: Buffer | null];

/** What the driver's queries use of a connection; its published types leave some of it out. */
interface PreparedConnection extends Pick<Connection, 'stream'> {
  readonly submittedNamedStatements: Record<string, string>;
  parse(query: typeof COMMIT): void;
}

/** A batch as a query of the driver, which sends it in a message of ours. */
class CommitQuery extends pg.Query {
  declare hasBeenParsed: (connection: PreparedConnection) => boolean;

  constructor(
    private readonly write: (connection: PreparedConnection) => void,
    callback: (error: Error | undefined, result: { rows: CommitRow[] }) => void,
  ) {
    super({ ...COMMIT, rowMode: 'array' } as pg.QueryConfig, callback as never);
  }

  /** Called by the driver when it is this query's turn. */
  prepare(connection: PreparedConnection): void {
    if (!this.hasBeenParsed(connection)) {
      connection.parse(COMMIT);
      connection.submittedNamedStatements[COMMIT.name] = COMMIT.text;
    }
    this.write(connection);
  }
}

/** Sends a batch; resolves with what became of it once that is durable. */
export function runCommit(
  client: pg.ClientBase,
  memory: CommitMemory,
  cluster: string,
  batch: readonly QueuedWrite[],
): Promise<CommitRow | undefined> {
  const write = (connection: PreparedConnection) => {
    let taken: Buffer | undefined;
    const message = commitMessage(cluster, batch, (size) => (taken = memory.take(size)));
    connection.stream.write(message, () => taken && memory.giveBack(taken));
  };
  return new Promise((resolve, reject) => {
    client.query(new CommitQuery(write, (error, result) => (error ? reject(error) : resolve(result.rows[0]))));
  });
}
