import { expect, test } from 'vitest';
import { curlWords, trustWords } from './curl.js';

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

test.each<[string, string, object]>([
  ['--cacert /ca -s https://a/', '-s https://a/', { file: '/ca', isInsecure: false }],
  ['-k https://a/', 'https://a/', { isInsecure: true }],
  ['-sk https://a/', '-s https://a/', { isInsecure: true }],
  ['--insecure -H -k a', '-H -k a', { isInsecure: true }],
  ['-H --cacert a', '-H --cacert a', { isInsecure: false }],
  ['-Hk a', '-Hk a', { isInsecure: false }],
  ['-s a', '-s a', { isInsecure: false }],
])('%s believes what it says', (words, rest, said) => {
  expect(trustWords(words.split(' '))).toEqual({ rest: rest.split(' '), ...said });
});
