import { describe, expect, test } from 'vitest';
import { addressRange, portRange } from './ranges.js';

describe('a range of addresses', () => {
  test('leaves out its first and its last', () => {
    const range = addressRange('10.96.0.0/30');
    expect([range.size, range.valueAt(0), range.valueAt(1)]).toEqual([2, '10.96.0.1', '10.96.0.2']);
  });

  test('counts over bytes and families', () => {
    expect(addressRange('10.96.0.0/16').valueAt(255)).toBe('10.96.1.0');
    expect(addressRange('fd00::/112').valueAt(0)).toBe('fd00::1');
  });

  test('keeps its lower part for those who ask by name, as upstream', () => {
    expect(addressRange('10.96.0.0/16').dynamicFrom).toBe(256);
    expect(addressRange('10.96.0.0/24').dynamicFrom).toBe(16);
    expect(addressRange('10.96.0.0/28').dynamicFrom).toBe(0);
  });

  test('knows what is in it', () => {
    const range = addressRange('10.96.0.0/16');
    expect([range.contains('10.96.255.1'), range.contains('10.97.0.1'), range.contains('x')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('is refused where it is none', () => {
    expect(() => addressRange('10.96.0.0')).toThrow('is no range of addresses');
  });
});

test('a range of ports', () => {
  const range = portRange('30000-32767');
  expect([range.size, range.valueAt(0), range.contains('32767'), range.contains('32768')]).toEqual([
    2768,
    '30000',
    true,
    false,
  ]);
  expect(() => portRange('5-4')).toThrow('is no range of ports');
  expect(() => portRange('a-b')).toThrow('is no range of ports');
});
