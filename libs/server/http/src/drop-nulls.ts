/** Takes away members that are null, in place: in Kubernetes' JSON a null says the same as nothing. */
export function dropNulls(value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) dropNulls(item);
  } else if (value !== null && typeof value === 'object') {
    const members = value as Record<string, unknown>;
    for (const [key, member] of Object.entries(members)) {
      if (member === null) delete members[key];
      else dropNulls(member);
    }
  }
}
