import { expect, test } from 'vitest';
import { allowedEnvironment } from './environment.js';

test('what is started knows nothing of the keys in the shell it was started from', () => {
  const shell = {
    PATH: '/bin',
    TZ: 'Asia/Shanghai',
    DATABASE_URL: 'postgres://a:secret@b/c',
    NODE_OPTIONS: '--inspect',
  };
  expect(allowedEnvironment(shell)).toEqual({ PATH: '/bin', TZ: 'Asia/Shanghai' });
});
