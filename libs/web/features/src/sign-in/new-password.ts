/** As the server wants it. */
export const SHORTEST_PASSWORD = 12;

export type PasswordFault = 'tooShort' | 'same' | 'differs';

/** What is wrong with a new password before any server is asked; undefined where nothing is. */
export function passwordFault(fresh: string, repeat: string, current = ''): PasswordFault | undefined {
  if ([...fresh].length < SHORTEST_PASSWORD) return 'tooShort';
  if (fresh === current) return 'same';
  return fresh === repeat ? undefined : 'differs';
}
