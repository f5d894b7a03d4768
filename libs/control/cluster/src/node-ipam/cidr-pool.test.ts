import { describe, expect, test } from 'vitest';
import { CidrPool } from './cidr-pool.js';

describe('CidrPool', () => {
  test('hands out each block once, lowest first, and a returned one when it comes round', () => {
    const pool = new CidrPool('10.244.0.0/22', 24);
    expect([pool.take(), pool.take(), pool.take()]).toEqual(['10.244.0.0/24', '10.244.1.0/24', '10.244.2.0/24']);
    pool.release('10.244.1.0/24');
    expect([pool.take(), pool.take(), pool.take()]).toEqual(['10.244.3.0/24', '10.244.1.0/24', undefined]);
  });

  test('leaves out what nodes have already, and minds no other ranges', () => {
    const pool = new CidrPool('10.244.0.0/23', 24);
    for (const cidr of ['10.244.0.0/24', '192.168.0.0/24', '10.244.1.0/25']) pool.occupy(cidr);
    expect([pool.take(), pool.take()]).toEqual(['10.244.1.0/24', undefined]);
  });

  test.each(['10.244.0.0', '10.244.0.0/25', '10.244.0/16', '300.0.0.0/16', 'x/y'])('refuses the range %s', (range) => {
    expect(() => new CidrPool(range, 24)).toThrow(RangeError);
  });
});
