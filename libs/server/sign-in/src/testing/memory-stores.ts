import type { Context } from '@binnacle/machinery-context';
import type {
  LinkedIdentity,
  OtherSignInStores,
  Passkey,
  PersonKey,
  TerminalPoll,
  TerminalRequest,
} from '@binnacle/server-storage';

const isOf = (row: PersonKey, { account, uid }: PersonKey): boolean => row.account === account && row.uid === uid;

function removeOf<T extends PersonKey & { readonly id: string }>(rows: Map<string, T>, person: PersonKey, id?: string) {
  const gone = [...rows.values()].filter((row) => isOf(row, person) && (id === undefined || row.id === id));
  for (const row of gone) rows.delete(row.id);
  return gone.length;
}

function memoryIdentities(): OtherSignInStores['identities'] {
  const rows = new Map<string, LinkedIdentity>();
  const find = (issuer: string, subject: string) =>
    [...rows.values()].find((row) => row.issuer === issuer && row.subject === subject);
  return {
    find: async (_ctx, issuer, subject) => find(issuer, subject),
    listOf: async (_ctx, person) => [...rows.values()].filter((row) => isOf(row, person)),
    add: async (_ctx, identity) => {
      const known = find(identity.issuer, identity.subject);
      if (known && (known.account !== identity.account || known.uid === identity.uid)) return false;
      if (known) rows.delete(known.id);
      rows.set(identity.id, identity);
      return true;
    },
    markUsed: async (ctx, id, email) => {
      const row = rows.get(id);
      if (row) rows.set(id, { ...row, email, lastUsedAt: ctx.clock.now() });
    },
    removeOf: async (_ctx, person, id) => removeOf(rows, person, id),
  };
}

function memoryPasskeys(): OtherSignInStores['passkeys'] {
  const rows = new Map<string, Passkey>();
  const change = (id: string, change: Partial<Passkey>) => {
    const row = rows.get(id);
    if (row) rows.set(id, { ...row, ...change });
  };
  return {
    find: async (_ctx, id) => rows.get(id),
    listOf: async (_ctx, person) => [...rows.values()].filter((row) => isOf(row, person)),
    add: async (_ctx, passkey, most) => {
      const own = [...rows.values()].filter((row) => isOf(row, passkey));
      if (rows.has(passkey.id) || own.length >= most) return false;
      rows.set(passkey.id, passkey);
      return true;
    },
    markUsed: async (ctx, id, { counter, backedUp }) => {
      const row = rows.get(id);
      if (!row || row.suspect || !(row.counter < counter || (counter === 0 && row.counter === 0))) return false;
      change(id, { counter, backedUp, lastUsedAt: ctx.clock.now() });
      return true;
    },
    markSuspect: async (_ctx, id) => change(id, { suspect: true }),
    rename: async (_ctx, person, id, name) => {
      const row = rows.get(id);
      if (row && isOf(row, person)) change(id, { name });
      return row !== undefined && isOf(row, person);
    },
    removeOf: async (_ctx, person, id) => removeOf(rows, person, id),
  };
}

function memoryTerminals(): OtherSignInStores['terminals'] {
  const rows = new Map<string, TerminalPoll>();
  const living = (ctx: Context, row: TerminalPoll | undefined) =>
    row && row.expiresAt > ctx.clock.now() ? row : undefined;
  const byUserCode = (ctx: Context, hash: string) =>
    living(
      ctx,
      [...rows.values()].find((row) => row.userCodeHash === hash),
    );
  return {
    add: async (ctx, request: TerminalRequest, most) => {
      const waiting = [...rows.values()].filter((row) => living(ctx, row));
      if (waiting.length >= most) return false;
      rows.set(request.codeHash, { ...request, polledAt: undefined });
      return true;
    },
    findByUserCode: async (ctx, hash) => byUserCode(ctx, hash),
    settle: async (ctx, hash, outcome) => {
      const row = byUserCode(ctx, hash);
      if (row?.state !== 'pending') return false;
      rows.set(row.codeHash, { ...row, ...outcome });
      return true;
    },
    poll: async (ctx, codeHash) => {
      const row = living(ctx, rows.get(codeHash));
      if (row) rows.set(codeHash, { ...row, polledAt: ctx.clock.now() });
      return row;
    },
    take: async (ctx, codeHash) => {
      const row = living(ctx, rows.get(codeHash));
      if (row?.state !== 'approved') return undefined;
      rows.delete(codeHash);
      return row;
    },
    removeOf: async (_ctx, person) => {
      const gone = [...rows.values()].filter((row) => row.person && isOf(row.person, person));
      for (const row of gone) rows.delete(row.codeHash);
      return gone.length;
    },
    removeExpired: async () => 0,
  };
}

/** What the ways to sign in keep, for unit tests. */
export function memoryOtherSignIns(): OtherSignInStores {
  const marks = new Set<string>();
  return {
    identities: memoryIdentities(),
    passkeys: memoryPasskeys(),
    terminals: memoryTerminals(),
    oneTime: {
      take: async (_ctx, mark) => !marks.has(mark) && marks.add(mark).has(mark),
      removeExpired: async () => 0,
    },
  };
}
