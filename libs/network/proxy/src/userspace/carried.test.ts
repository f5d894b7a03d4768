import { expect, test } from 'vitest';
import type { ListenerSpec } from '../plan/service-plan.js';
import { Carriage } from './carried.js';

const listener = (host: string, port: number, purpose: ListenerSpec['purpose']): ListenerSpec => ({
  protocol: 'TCP',
  balancer: 'one',
  servicePort: 'http',
  host,
  port,
  purpose,
});
const balancer = (backend: { address: string; port: number; local?: boolean }) => ({
  id: 'one',
  backends: [backend],
  affinitySeconds: undefined,
  clientNodeOnly: false,
});

test("a Service's address and its local endpoints are on the wire", () => {
  const carriage = new Carriage(true);
  expect(carriage.listened(listener('10.96.3.4', 80, 'ClusterIP'))).toEqual({ host: '127.96.3.4', port: 80 });
  const { backends } = carriage.balancer(balancer({ address: '10.244.1.5', port: 8080, local: true }));
  expect(backends[0]?.place).toEqual({ host: '127.244.1.5', port: 8080 });
});

test('an unprivileged proxy carries low ports higher up', () => {
  const carriage = new Carriage(false);
  expect(carriage.listened(listener('10.96.3.4', 80, 'ClusterIP')).port).toBe(20_080);
  expect(carriage.balancer(balancer({ address: '10.244.1.5', port: 80, local: true })).backends[0]?.place.port).toBe(
    20_080,
  );
});

test('what is of another machine is dialled, and a node port opened, at the address as it stands', () => {
  const carriage = new Carriage(false);
  const { backends } = carriage.balancer(balancer({ address: '10.0.0.9', port: 80 }));
  expect(backends[0]?.place).toEqual({ host: '10.0.0.9', port: 80 });
  expect(carriage.listened(listener('10.0.0.7', 30_080, 'NodePort'))).toEqual({ host: '10.0.0.7', port: 30_080 });
});
