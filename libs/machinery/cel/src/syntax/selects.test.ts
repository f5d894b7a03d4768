import { expect, test } from 'vitest';
import { selectsField } from './selects.js';

test.each([
  'claims.email',
  'has(claims.email)',
  "claims.?email.orValue('')",
  "'x' + claims.email.split('@')[0]",
  "['a'].map(x, x + claims.email)",
  "{'a': claims.email}",
  'true ? claims.email : claims.sub',
])('%s looks at the field', (source) => expect(selectsField(source, 'claims', 'email')).toBe(true));

test.each(['claims.sub', 'claims.email_verified', 'user.email', "'claims.email'", 'claims.a.email', 'claims.email +'])(
  '%s does not',
  (source) => expect(selectsField(source, 'claims', 'email')).toBe(false),
);
