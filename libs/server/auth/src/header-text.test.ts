import { expect, test } from 'vitest';
import { headerText, headerTexts, keyInName } from './index.js';

const bytes = (text: string) => Buffer.from(text).toString('latin1');

test('names are not only of English letters', () => {
  expect(headerText(bytes('张三'))).toBe('张三');
  expect(headerTexts([bytes('équipe'), 'b, c'])).toEqual(['équipe', 'b', 'c']);
});

test('what is no UTF-8, or has its characters already, stays as it is', () => {
  expect([headerText('\xff\xfe'), headerText('张三'), headerText('é张')]).toEqual(['\xff\xfe', '张三', 'é张']);
});

test('what is not there is nothing', () => {
  expect([headerText(undefined), headerText([]), headerTexts(undefined)]).toEqual(['', '', []]);
});

test('a key is unescaped where it can be', () => {
  expect([keyInName('acme.com%2fscope'), keyInName('%zz')]).toEqual(['acme.com/scope', '%zz']);
});
