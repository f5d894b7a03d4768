import { type Context, untilEnded } from '@binnacle/machinery-context';
import {
  decisionBytes,
  type DecisionLimits,
  type DecisionQuery,
  type DecisionStore,
  type NewDecision,
  type StoredDecision,
  unknownCluster,
} from '@binnacle/server-storage';
import type { Pool } from 'pg';
import { bigintArray, textArray } from '../binary-array.js';
import type { ClusterIds } from '../cluster-ids.js';
import { translated } from '../errors.js';

const APPEND = {
  name: 'append_decisions',
  text: 'select append_decisions($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) as stored',
};
const DETAIL = { name: 'decision_detail', text: 'select detail from decisions where cluster = $1 and id = $2' };

type Row = [
  id: string,
  revision: string,
  namespace: string,
  pod: string,
  uid: string,
  node: string,
  result: string,
  record: string,
  hasDetail: boolean,
];

const COLUMNS = 'id, revision, namespace, pod, uid, node, result, record, detail is not null';
const EQUAL = ['namespace', 'pod', 'uid', 'node', 'result', 'id'] as const;

/** The decisions of all clusters, in tables of their own. */
export class PostgresDecisions implements DecisionStore {
  constructor(
    private readonly pool: Pool,
    private readonly ids: Pick<ClusterIds, 'resolve' | 'current' | 'forget'>,
    private readonly limits: DecisionLimits,
  ) {}

  async append(ctx: Context, cluster: string, decisions: readonly NewDecision[]): Promise<void> {
    if (decisions.length === 0) return;
    const { id } = await untilEnded(ctx, this.ids.resolve(cluster));
    const { perPod, perCluster, bytes, allBytes } = this.limits;
    const values = [id, ...columnsOf(decisions), perPod, perCluster, bytes, allBytes];
    const rows = await this.query<{ stored: boolean }>({ ...APPEND, values }, 'the decisions cannot be stored');
    if (rows[0]?.stored) return;
    this.ids.forget(cluster);
    throw unknownCluster(cluster);
  }

  async page(ctx: Context, query: DecisionQuery): Promise<readonly StoredDecision[]> {
    const { id } = await untilEnded(ctx, this.ids.current(query.cluster));
    const { where, values } = conditionsOf(id, query);
    const text = `select ${COLUMNS} from decisions where ${where} order by id desc limit $2`;
    const asked = this.query<Row>({ text, values, rowMode: 'array' }, 'the decisions cannot be read');
    return (await untilEnded(ctx, asked)).map((row) => stored(id, row));
  }

  async detail(ctx: Context, cluster: string, id: number): Promise<Uint8Array | undefined> {
    const at = await untilEnded(ctx, this.ids.current(cluster));
    const asked = this.query<{ detail: Buffer | null }>({ ...DETAIL, values: [at.id, id] }, 'the nodes cannot be read');
    return (await untilEnded(ctx, asked))[0]?.detail ?? undefined;
  }

  private async query<T>(query: object, what: string): Promise<T[]> {
    try {
      return (await this.pool.query(query as { text: string })).rows as T[];
    } catch (error) {
      throw translated(error, what);
    }
  }
}

function columnsOf(decisions: readonly NewDecision[]): Buffer[] {
  const texts = (pick: (decision: NewDecision) => string) => textArray(decisions.map(pick));
  const numbers = (pick: (decision: NewDecision) => number) => bigintArray(decisions.map(pick));
  return [
    numbers(({ revision }) => revision),
    numbers(({ attempt }) => attempt),
    numbers(decisionBytes),
    texts(({ namespace }) => namespace),
    texts(({ pod }) => pod),
    texts(({ uid }) => uid),
    texts(({ node }) => node),
    texts(({ result }) => result),
    texts(({ record }) => record),
    texts(({ detail }) => detail ?? ''),
  ];
}

/** Every column that is looked at is a fixed name: only values come from whoever asks. */
function conditionsOf(cluster: string, query: DecisionQuery): { where: string; values: unknown[] } {
  const values: unknown[] = [cluster, query.limit];
  const conditions = ['cluster = $1'];
  const add = (condition: string, value: unknown, rest = '') => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(`${condition} $${values.length}${rest}`);
  };
  for (const column of EQUAL) add(`${column} =`, query[column]);
  add('namespace = any(', query.namespaces && [...query.namespaces], ')');
  add('id <', query.before);
  add('revision <=', query.upTo);
  return { where: conditions.join(' and '), values };
}

function stored(incarnation: string, row: Row): StoredDecision {
  const [id, revision, namespace, pod, uid, node, result, record, hasDetail] = row;
  return {
    id: Number(id),
    incarnation,
    revision: Number(revision),
    namespace,
    pod,
    uid,
    node,
    result,
    record,
    hasDetail,
  };
}
