import { type DnsObserver, type SharedForwarding, typeName } from '@binnacle/network-dns';
import { Counter, Gauge, type MetricsRegistry } from '@binnacle/process-telemetry';

/** Where questions come in, as coredns names it. */
const SERVER = 'dns://:53';

/** Counts by what they are about, added up when somebody reads them: a question must cost as little as can be. */
class Counts {
  private readonly counts = new Map<string, number>();

  add(key: string): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  each(tell: (labels: string[], count: number) => void): void {
    for (const [key, count] of this.counts) tell(key.split(' '), count);
  }
}

/** Tells of all questions, by the names that coredns gives its metrics. */
export function dnsMetrics(registry: MetricsRegistry): DnsObserver {
  const [asked, said] = [new Counts(), new Counts()];
  new Counter({
    name: 'coredns_dns_requests_total',
    help: 'Counter of DNS requests made per protocol, family and type.',
    labelNames: ['server', 'proto', 'family', 'type'],
    registers: [registry],
    collect() {
      this.reset();
      asked.each(([proto = '', type = ''], count) => this.inc({ server: SERVER, proto, family: '1', type }, count));
    },
  });
  new Counter({
    name: 'coredns_dns_responses_total',
    help: 'Counter of response status codes.',
    labelNames: ['server', 'rcode'],
    registers: [registry],
    collect() {
      this.reset();
      said.each(([rcode = ''], count) => this.inc({ server: SERVER, rcode }, count));
    },
  });
  return {
    answered: ({ type }, { transport }, rcode) => {
      asked.add(`${transport} ${typeName(type)}`);
      said.add(rcode);
    },
  };
}

/** Tells at how many addresses somebody is answered. */
export function reportServers(registry: MetricsRegistry, servers: { readonly listening: number }): void {
  new Gauge({
    name: 'binnacle_dns_listening',
    help: 'Logical clusters whose DNS answers at its address.',
    registers: [registry],
    collect() {
      this.set(servers.listening);
    },
  });
}

/** A figure that only grows, kept by somebody else. */
function counted(registry: MetricsRegistry, name: string, help: string, value: () => number): void {
  new Counter({
    name,
    help,
    labelNames: ['server'],
    registers: [registry],
    collect() {
      this.reset();
      this.inc({ server: SERVER }, value());
    },
  });
}

/** Tells of what others are asked, by the names that coredns gives its metrics. */
export function reportForwarding(registry: MetricsRegistry, { cache, bounds }: SharedForwarding): void {
  counted(registry, 'coredns_cache_hits_total', 'The count of cache hits.', () => cache.hits);
  counted(registry, 'coredns_cache_misses_total', 'The count of cache misses.', () => cache.misses);
  const rejected = 'Counter of the number of queries rejected because the concurrent queries were at maximum.';
  counted(registry, 'coredns_forward_max_concurrent_rejects_total', rejected, () => bounds.rejected);
  new Gauge({
    name: 'coredns_cache_entries',
    help: 'The number of elements in the cache.',
    labelNames: ['server'],
    registers: [registry],
    collect() {
      this.set({ server: SERVER }, cache.size);
    },
  });
}
