// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { Typed } from './access-form.js';

afterEach(cleanup);

test('what is typed is not lost where the address comes after it, and what the address says stands when nobody types', async () => {
  const told: string[] = [];
  const field = (value: string) => (
    <Typed id="x" label="Name" value={value} onChange={(text) => void told.push(text)} />
  );
  const { rerender } = render(field(''));
  const user = userEvent.setup();
  await user.type(screen.getByLabelText('Name'), 'we');
  rerender(field('w'));
  await user.type(screen.getByLabelText('Name'), 'b');
  expect(told).toEqual(['w', 'we', 'web']);
  rerender(field('other'));
  await user.tab();
  expect((screen.getByLabelText('Name') as HTMLInputElement).value).toBe('other');
});
