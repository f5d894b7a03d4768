import type { ClientBase } from 'pg';
import type { AccountLine, PersonLine } from './format.js';

interface AccountRow {
  readonly name: string;
  readonly groups: readonly string[];
  readonly scrypt: string;
  readonly uid?: string | null;
  readonly must_change?: boolean;
}

/** A database that an older release has made lacks some of the columns, or the table. */
const HAS_TABLE = 'select to_regclass($1) is not null as has';
const COLUMNS = {
  passkey: {
    table: 'passkeys',
    names: [
      ...[
        'id',
        'account',
        'uid',
        'name',
        'relying_party',
        'public_key',
        'counter',
        'transports',
        'backed_up',
        'suspect',
      ],
      ...['created_at', 'last_used', 'handle'],
    ],
  },
  identity: {
    table: 'identities',
    names: ['id', 'issuer', 'subject', 'account', 'uid', 'provider', 'email', 'linked_at', 'last_used'],
  },
} as const;
type Kind = keyof typeof COLUMNS;
type Row = Readonly<Record<string, unknown>>;

/** Who may sign in and by what, in the order in which it can be brought back. */
export async function peopleOf(client: ClientBase): Promise<PersonLine[]> {
  const { rows } = await client.query<AccountRow>('select * from accounts order by name');
  const accounts = rows.map(
    ({ name: account, groups, scrypt, uid, must_change: mustChange = false }): AccountLine => ({
      ...{ account, groups, scrypt, mustChange },
      ...(uid != null && { uid }),
    }),
  );
  const others = [];
  for (const kind of Object.keys(COLUMNS) as Kind[]) others.push(...(await rowsOf(client, kind)));
  return [...accounts, ...others];
}

async function rowsOf(client: ClientBase, kind: Kind): Promise<PersonLine[]> {
  const { table } = COLUMNS[kind];
  const { rows: found } = await client.query<{ has: boolean }>(HAS_TABLE, [table]);
  if (!found[0]?.has) return [];
  const { rows } = await client.query<Row>(`select * from ${table} order by id`);
  return rows.map((row) => ({ [kind]: row }) as unknown as PersonLine);
}

const ACCOUNT = `insert into accounts (name, groups, scrypt, uid, must_change) values ($1, $2, $3, $4, $5)
  on conflict do nothing`;

/** Whether a line of a backup tells of somebody. */
export const isPerson = (line: object): line is PersonLine =>
  'account' in line || Object.keys(COLUMNS).some((kind) => kind in line);

/** Brings one back. What is there already stays as it is. */
export async function restorePerson(client: ClientBase, line: PersonLine): Promise<void> {
  if ('account' in line) {
    const { account, groups, scrypt, uid = null, mustChange = false } = line;
    await client.query(ACCOUNT, [account, groups, scrypt, uid, mustChange]);
    return;
  }
  const [kind, row] = Object.entries(line)[0] as [Kind, Row];
  const { table, names } = COLUMNS[kind];
  const values = names.map((name) => row[name] ?? null);
  const places = values.map((_, at) => `$${at + 1}`).join(', ');
  await client.query(`insert into ${table} (${names.join(', ')}) values (${places}) on conflict do nothing`, values);
}
