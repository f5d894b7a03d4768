import { StorageError } from '@binnacle/server-storage';
import { describe, expect, it } from 'vitest';
import { DatabaseSilentError, isCrowded, isDataError, isRefused, reasonOf, translated } from './errors.js';

/** As the driver throws what the server said. */
const said = (code: string, severity = 'ERROR', message = 'secret detail') =>
  Object.assign(new Error(message), { code, severity });
const broken = (code: string) => Object.assign(new Error(`write ${code}`), { code });

describe('what the database says', () => {
  it.each([
    ['21000', true],
    ['22021', true],
    ['23505', true],
    ['54000', true],
    ['53100', false],
    ['40001', false],
    ['EPIPE', false],
    ['', false],
  ])('%s is the fault of the data: %s', (code, expected) => {
    expect(isDataError(said(code))).toBe(expected);
  });

  it.each<[unknown, boolean]>([
    [said('53300', 'FATAL'), true],
    [said('57P03', 'FATAL'), true],
    [said('57P01', 'FATAL'), false],
    [broken('ECONNREFUSED'), false],
    [undefined, false],
    ['53300', false],
  ])('%s means that there is no connection now: %s', (error, expected) => {
    expect(isCrowded(error)).toBe(expected);
  });

  it.each<[unknown, boolean]>([
    [said('57014'), true],
    [said('57P01', 'FATAL'), false],
    [broken('EPIPE'), false],
    [broken('ECONNRESET'), false],
    [new DatabaseSilentError(1_000), false],
    [null, false],
  ])('%s means that nothing was stored: %s', (error, expected) => {
    expect(isRefused(error)).toBe(expected);
  });
});

describe('what is told of it', () => {
  it.each<[unknown, string]>([
    [said('53100'), 'the disk of the database is full'],
    [said('55P03'), 'the database took too long: what is written is locked'],
    [said('25006'), 'the database takes no writes'],
    [said('57P03', 'FATAL'), 'the database is starting or stopping'],
    [said('XX000'), 'the database does not answer'],
    [broken('ECONNREFUSED'), 'the database does not answer'],
    [new DatabaseSilentError(15_000), 'the database did not answer for 15 s'],
    [translated(said('53200'), 'x'), 'the database is out of memory'],
    [new StorageError('unavailable', 'x'), 'the database does not answer'],
    [undefined, 'the database does not answer'],
  ])('%s: %s', (error, reason) => {
    expect(reasonOf(error)).toBe(reason);
  });

  it.each<[unknown, string, string]>([
    [said('22021', 'ERROR', 'invalid byte'), 'invalid', 'x: invalid byte'],
    [said('53100'), 'unavailable', 'x: the disk of the database is full'],
    [new Error('timeout exceeded when trying to connect'), 'unavailable', 'x: the database does not answer'],
    [new Error('Connection terminated due to connection timeout'), 'unavailable', 'x: the database does not answer'],
    [new Error('Connection terminated unexpectedly'), 'unavailable', 'x: Connection terminated unexpectedly'],
    ['a text', 'unavailable', 'x: a text'],
  ])('%s is %s', (error, code, message) => {
    const told = translated(error, 'x');
    expect(told).toMatchObject({ name: 'StorageError', code, message, cause: error });
    expect(told).toMatchObject({ info: code === 'unavailable' ? { retryAfterSeconds: 1 } : {} });
  });

  it('is what it was where it was told already', () => {
    const conflict = new StorageError('conflict', 'changed');
    expect(translated(conflict, 'x')).toBe(conflict);
  });
});
