/** Why cases of the suite do not pass, the first whose pattern a case's name meets; what no pattern meets is told by what it said. */
export interface Reason {
  readonly cases: RegExp;
  readonly reason: string;
}

export const REASONS: readonly Reason[] = [
  { cases: /AdmissionWebhook|webhook/i, reason: 'admission webhooks are stored and checked, but not called' },
];

export const reasonOf = (name: string): string | undefined => REASONS.find(({ cases }) => cases.test(name))?.reason;
