import { expect, test } from 'vitest';
import { curlWords } from './curl.js';

test.each<[string, string]>([
  ['-q -s --connect-timeout 2 http://a/', '-s --connect-timeout 2 http://a/'],
  ['-g -q -s -o /dev/null -w %{http_code} http://a/', '-s -o /dev/null -w %{http_code} http://a/'],
  ['-gsSm5 http://a/', '-sSm5 http://a/'],
  ['-H -q -d -g --globoff --ipv4 a', '-H -q -d -g a'],
  ['--header --disable a', '--header --disable a'],
  ['-4', ''],
])('%s is %s', (words, plain) => {
  expect(curlWords(words.split(' ')).join(' ')).toBe(plain);
});
