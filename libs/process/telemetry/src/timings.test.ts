import { expect, test } from 'vitest';
import { Histogram, MetricsRegistry, Timings } from './index.js';

const OPTIONS = { name: 'took_seconds', help: 'How long it took.', labelNames: ['verb'], buckets: [0.1, 1] } as const;
const TOOK = [0.05, 0.1, 0.2, 1, 7];

async function textOf(observe: (registry: MetricsRegistry) => void): Promise<string> {
  const registry = new MetricsRegistry();
  registry.setDefaultLabels({ component: 'test' });
  observe(registry);
  return registry.metrics();
}

test('timings are told as the library tells a histogram', async () => {
  const ours = await textOf((registry) => {
    const timings = new Timings({ ...OPTIONS, registers: [registry] });
    const series = timings.of({ verb: 'GET' });
    expect(timings.of({ verb: 'GET' })).toBe(series);
    for (const seconds of TOOK) series.observe(seconds);
    timings.of({ verb: 'PUT' });
  });
  const theirs = await textOf((registry) => {
    const { labelNames, buckets, ...rest } = OPTIONS;
    const histogram = new Histogram({
      ...rest,
      labelNames: [...labelNames],
      buckets: [...buckets],
      registers: [registry],
    });
    for (const seconds of TOOK) histogram.labels('GET').observe(seconds);
  });
  const lines = (text: string) => text.split('\n').map((line) => line.replace(/\{(.*)\}/, sortedLabels));
  expect(lines(ours)).toEqual(lines(theirs));
});

const sortedLabels = (_all: string, labels: string): string => `{${labels.split(',').sort().join(',')}}`;
