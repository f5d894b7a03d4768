import { expect, test } from 'vitest';
import { wgetOptions } from './wget.js';

test.each<[string, object]>([
  ['-qO- http://a/', { quiet: true, output: '-', url: 'http://a/' }],
  ['-q -O /tmp/x -T 5 a', { quiet: true, output: '/tmp/x', timeoutSeconds: 5, url: 'a' }],
  ['-O- --post-data={"a":1} http://a/write', { output: '-', data: '{"a":1}', quiet: false }],
  ['--spider -T5 a', { spider: true, timeoutSeconds: 5, quiet: false, data: undefined }],
])('%s', (words, options) => {
  expect(wgetOptions(words.split(' '))).toMatchObject(options);
});
