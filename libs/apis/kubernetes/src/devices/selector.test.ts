import { readFileSync } from 'node:fs';
import { finished } from '@binnacle/machinery-context';
import { describe, expect, it } from 'vitest';
import { compilingSelector } from '../resource/v1/device-environment.js';
import type { Device } from '../resource/v1/index.js';
import { deviceMatches } from './index.js';

/** What kube-scheduler 1.36 makes of a selector and a device, with the gates that are on by default; `cel.bind` is not ours yet. */
interface Case {
  readonly name: string;
  readonly expression: string;
  readonly driver: string;
  readonly device: { readonly [K in keyof Device]?: Device[K] | null };
  readonly compiles: boolean;
  readonly matches?: boolean;
  readonly error?: string;
  /** The most it may cost, where it compiles. */
  readonly cost?: number;
}

const file = new URL('./testing/selector-cases.json', import.meta.url);
const cases = JSON.parse(readFileSync(file, 'utf8')) as Case[];

function deviceOf({ device }: Case): Device {
  const { attributes, capacity, allowMultipleAllocations } = device;
  return {
    name: 'd',
    ...(attributes && { attributes }),
    ...(capacity && { capacity }),
    ...(allowMultipleAllocations && { allowMultipleAllocations }),
  };
}

describe('a selector does as kube-scheduler’s', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const compiled = finished(compilingSelector(one.expression));
    const verdict = deviceMatches(one.expression, deviceOf(one), one.driver);
    const reason = one.compiles ? 'runtime' : 'compile';
    if (one.compiles) expect(compiled.ok && compiled.cost.max).toBe(one.cost ?? 0);
    if (!one.compiles || one.error) expect(verdict).toMatchObject({ reason });
    else expect(verdict).toEqual({ matches: one.matches ?? false });
    if (one.error && 'message' in verdict) expect(one.error).toContain(verdict.message);
  });

  it('remembers what it told of a device, for each driver', () => {
    const device: Device = { name: 'd', attributes: { a: { bool: true } } };
    const expression = 'device.attributes["x"].a';
    expect(deviceMatches(expression, device, 'x')).toEqual({ matches: true });
    expect(deviceMatches(expression, device, 'x')).toEqual({ matches: true });
    expect(deviceMatches(expression, device, 'y')).toMatchObject({ reason: 'runtime' });
  });
});
