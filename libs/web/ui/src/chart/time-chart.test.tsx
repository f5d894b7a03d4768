// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accessibilityFindings, layOut } from '../testing/index.js';
import { Sparkline } from './sparkline.js';
import { TimeChart } from './time-chart.js';

const POINTS = [10, 20, 40, 30].map((value, at) => ({ time: at * 15, value }));
const labels = { table: 'Figures', time: 'Time', none: 'nothing', above: '(above)' };
const chart = (more: object = {}) => (
  <TimeChart
    title="CPU"
    description="CPU of a Pod."
    points={POINTS}
    step={15}
    format={(value) => `${value}m`}
    formatTime={(time) => `t${time}`}
    labels={labels}
    {...more}
  />
);

beforeEach(() => layOut());
afterEach(cleanup);

const slider = () => screen.getByRole('slider', { name: 'CPU' });
const said = () => slider().getAttribute('aria-valuetext');

describe('a chart over time', () => {
  test('says the newest figure, and the others to the arrow keys', async () => {
    render(chart());
    expect(said()).toBe('t45: 30m');
    slider().focus();
    const user = userEvent.setup();
    await user.keyboard('{ArrowLeft}');
    expect(said()).toBe('t30: 40m');
    await user.keyboard('{Home}{ArrowLeft}');
    expect([said(), slider().getAttribute('aria-valuenow')]).toEqual(['t0: 10m', '0']);
    await user.keyboard('{PageUp}');
    expect(said()).toBe('t45: 30m');
  });

  test('goes on to the newest as time does, unless somebody reads at another', async () => {
    const { rerender } = render(chart());
    slider().focus();
    await userEvent.keyboard('{Home}');
    const next = [...POINTS, { time: 60, value: 5 }];
    rerender(chart({ points: next }));
    expect(said()).toBe('t0: 10m');
    await userEvent.keyboard('{End}');
    expect(said()).toBe('t60: 5m');
  });

  test('is read by the pointer', () => {
    render(chart());
    fireEvent.pointerMove(slider(), { clientX: 0 });
    expect(said()).toBe('t0: 10m');
    fireEvent.pointerLeave(slider());
    expect(said()).toBe('t45: 30m');
  });

  test('has its figures as a table, the newest first', async () => {
    render(chart());
    expect(screen.queryByRole('table')).toBeNull();
    const details = screen.getByText('Figures').closest('details') as HTMLDetailsElement;
    details.open = true;
    fireEvent(details, new Event('toggle'));
    const rows = screen.getAllByRole('row').map((row) => row.textContent);
    expect(rows).toEqual(['TimeCPU', 't4530m', 't3040m', 't1520m', 't010m']);
  });

  test('names the lines across it, and where they are that have no room', () => {
    render(
      chart({
        bounds: [
          { label: 'request', value: 50 },
          { label: 'limit', value: 900 },
        ],
      }),
    );
    expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'request 50m',
      'limit 900m (above)',
    ]);
  });

  test('of nothing says so', () => {
    render(chart({ points: [] }));
    expect(said()).toBe('nothing');
  });

  test('has no faults for those who do not see it', async () => {
    const { container } = render(chart({ bounds: [{ label: 'limit', value: 50 }] }));
    expect(await accessibilityFindings(container)).toEqual([]);
  });
});

test('a sparkline is a picture alone, with a gap where nothing was measured', () => {
  const { container } = render(<Sparkline points={[...POINTS, { time: 300, value: 1 }]} step={15} />);
  expect(container.querySelector('svg')?.getAttribute('aria-hidden')).toBe('true');
  expect(container.querySelector('path')?.getAttribute('d')?.match(/M/g)).toHaveLength(2);
  expect(render(<Sparkline points={[]} step={15} />).container.querySelector('path')).toBeNull();
});
