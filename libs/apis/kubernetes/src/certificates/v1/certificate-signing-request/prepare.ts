import { formatTime } from '@binnacle/machinery-meta';
import { type Author, keep } from '@binnacle/apis-registry';
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
  CertificateSigningRequestSpec,
} from '../index.js';

type Request = CertificateSigningRequest;
type Condition = CertificateSigningRequestCondition;

function authorOf({ name, uid, groups, extra }: Author): Partial<CertificateSigningRequestSpec> {
  const more = Object.entries(extra ?? {}).map(([key, values]): [string, string[]] => [key, [...values]]);
  return {
    username: name,
    ...(uid && { uid }),
    ...(groups.length > 0 && { groups: [...groups] }),
    ...(more.length > 0 && { extra: Object.fromEntries(more) }),
  };
}

/** Who asks is whoever asks, not whoever they say; and nothing is approved yet. */
export function prepareRequest(request: Request, author?: Author): void {
  const { username: _name, uid: _uid, groups: _groups, extra: _extra, ...asked } = request.spec ?? {};
  request.spec = { ...asked, ...(author && authorOf(author)) } as CertificateSigningRequestSpec;
  request.status = {};
}

export function prepareRequestUpdate(next: Request, old: Request): void {
  keep(next, old, 'spec', 'status');
}

const conditionsOf = ({ status }: Request): Condition[] => status?.conditions ?? [];

/** Fills in when a condition was written and when it came to be as it is. */
function dated(conditions: readonly Condition[], before: readonly Condition[], now: number): Condition[] {
  const state = ({ type, status }: Condition): string => JSON.stringify([type, status]);
  const sinceWhen = before.filter(({ lastTransitionTime }) => lastTransitionTime).reverse();
  const firsts = new Map(sinceWhen.map((old) => [state(old), old]));
  return conditions.map((condition) => {
    const { lastUpdateTime, lastTransitionTime } = condition;
    const same = firsts.get(state(condition));
    return {
      ...condition,
      lastUpdateTime: lastUpdateTime ?? formatTime(now),
      lastTransitionTime: lastTransitionTime ?? same?.lastTransitionTime ?? formatTime(now),
    };
  });
}

/** The conditions with those of a type as they were; more or fewer of them are for validation to refuse. */
function withOld(conditions: readonly Condition[], before: readonly Condition[], type: string): Condition[] {
  const old = before.filter((condition) => condition.type === type);
  if (conditions.filter((condition) => condition.type === type).length !== old.length) return [...conditions];
  let position = 0;
  return conditions.map((condition) => (condition.type === type ? (old[position++] ?? condition) : condition));
}

/** Signers write everything but who approved. */
export function prepareRequestStatus(next: Request, old: Request, now: number): void {
  keep(next, old, 'spec');
  const before = conditionsOf(old);
  const kept = ['Approved', 'Denied'].reduce<Condition[]>(
    (all, type) => withOld(all, before, type),
    conditionsOf(next),
  );
  if (kept.length > 0) next.status = { ...next.status, conditions: dated(kept, before, now) };
}

/** Who approves writes conditions and nothing else. */
export function prepareApproval(next: Request, old: Request, now: number): void {
  keep(next, old, 'spec');
  const conditions = dated(conditionsOf(next), conditionsOf(old), now);
  const { conditions: _, ...rest } = old.status ?? {};
  next.status = { ...rest, ...(conditions.length > 0 && { conditions }) };
}
