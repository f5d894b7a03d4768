import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StorageError } from './errors.js';
import { parseMoment } from '@binnacle/machinery-meta';
import { isPast, parseClusterAt, presentCluster } from './moment.js';

describe('the name of a cluster at a moment', () => {
  it('says a revision or a time', () => {
    expect(parseClusterAt('main@42')).toEqual({ cluster: 'main', moment: { revision: 42 } });
    expect(parseClusterAt('main@2026-11-29T10:00:00Z')).toEqual({
      cluster: 'main',
      moment: { time: Date.UTC(2026, 10, 29, 10) },
    });
    expect(parseClusterAt('main')).toBeUndefined();
    expect(presentCluster('lab-1@7')).toBe('lab-1');
  });

  it.each([
    ['2026-11-29T10:00:00.25Z', Date.UTC(2026, 10, 29, 10, 0, 0, 250)],
    ['2026-11-29t12:30:00+02:30', Date.UTC(2026, 10, 29, 10)],
    ['2026-11-29T10:00:00.123456789z', Date.UTC(2026, 10, 29, 10, 0, 0, 123)],
    ['2024-02-29T00:00:00-01:00', Date.UTC(2024, 1, 29, 1)],
  ])('takes %s for a time', (text, time) => {
    expect(parseMoment(text)).toEqual({ time });
  });

  it.each([
    '',
    '-1',
    '1.5',
    '0x10',
    '1234567890123456',
    'yesterday',
    '2026-11-29',
    '2026-11-29T10:00Z',
    '2026-11-29 10:00:00Z',
    '2026-11-29T10:00:00',
    '2026-02-30T10:00:00Z',
    '2026-00-10T10:00:00Z',
    '2026-13-01T10:00:00Z',
    '2026-11-29T24:00:00Z',
    '2026-11-29T10:00:61Z',
    '2026-11-29T10:00:00+99:00',
    '42@43',
  ])('refuses %j', (text) => {
    expect(() => parseClusterAt(`main@${text}`)).toThrow(StorageError);
    expect(parseMoment(text)).toBeUndefined();
  });

  it('is read or refused, whatever stands there', () => {
    const stamp = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') });
    const moment = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.nat().map(String),
      stamp.map((date) => date.toISOString()),
      fc.stringMatching(/^[0-9:TZ.+@-]{0,40}$/),
    );
    fc.assert(
      fc.property(fc.string(), moment, (cluster, text) => {
        const name = `${cluster}@${text}`;
        expect(isPast(name)).toBe(true);
        expect(presentCluster(name)).toBe(cluster.split('@')[0]);
        try {
          const at = parseClusterAt(name);
          expect(at?.cluster).toBe(cluster);
          expect(Number.isFinite(Object.values(at?.moment ?? {})[0])).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid' });
        }
      }),
    );
  });

  it('means the same time as it does everywhere', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }), (date) => {
        expect(parseMoment(date.toISOString())).toEqual({ time: date.getTime() });
      }),
    );
  });
});
