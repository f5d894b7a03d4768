import type { ResourceStore } from '@binnacle/server-registry';
import { LIMITS, parsing, USUAL_BODY } from './limits.js';
import { type Measure, type Scan, TooCostly } from './measure.js';

/** What an operation will cost, as far as that can be said before it runs. */
export interface OperationEstimate {
  readonly type: 'query' | 'mutation' | 'subscription';
  /** One is about a microsecond or two of the event loop. */
  readonly points: number;
  /** Rows of lists it will look at. */
  readonly rows: number;
}

/** Answers how many objects there are of a resource, in all namespaces where the second is empty. */
export type CountRows = (store: ResourceStore, namespace: string) => Promise<number>;

interface Looked {
  readonly rows: number;
  readonly points: number;
}

async function lookThrough(scans: readonly Scan[], countRows: CountRows): Promise<Looked> {
  const known = new Map<string, Promise<number>>();
  const count = ({ store, namespace }: Scan): Promise<number> => {
    const key = `${store.definition.group}/${store.definition.names.plural}/${namespace}`;
    const counting = known.get(key) ?? countRows(store, namespace);
    known.set(key, counting);
    return counting;
  };
  let [rows, points] = [0, 0];
  for (const scan of scans) {
    const found = await count(scan);
    rows += found;
    points += found * scan.pointsPerRow + Math.min(found, scan.told) * scan.pointsPerTold;
  }
  return { rows, points };
}

function checkPoints(points: number): void {
  if (points > LIMITS.points)
    throw new TooCostly(
      `the operation would cost about ${Math.ceil(points)} points; at most ${LIMITS.points} are allowed: ask for smaller pages, fewer fields or fewer relations`,
    );
}

/** @throws TooCostly above what one operation may cost. A subscription tells its rows one by one and may have any number. */
export async function estimate(
  type: OperationEstimate['type'],
  measure: Measure,
  countRows: CountRows,
): Promise<OperationEstimate> {
  // Before anything is asked of the store.
  checkPoints(measure.points);
  const pages = await lookThrough(measure.scans, countRows);
  if (type !== 'subscription') checkPoints(measure.points + pages.points);
  // Relations look only through the namespaces they lead to, which is not known yet: that refuses nothing.
  const related = await lookThrough(
    measure.related.map((store) => ({
      store,
      namespace: '',
      pointsPerRow: parsing(USUAL_BODY),
      told: 0,
      pointsPerTold: 0,
    })),
    countRows,
  );
  const points = Math.min(LIMITS.points, Math.ceil(measure.points + pages.points + related.points));
  return { type, points, rows: pages.rows + related.rows };
}
