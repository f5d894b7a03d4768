import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { service } from '@binnacle/testing-fixtures';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { AddressLedger } from './address-ledger.js';
import { AddressPool } from './address-pool.js';

const NAMES = ['a', 'b', 'c', 'd'];
/** Made in the order of their names. */
function saying(name: string, ...ips: string[]): Service {
  const creationTimestamp = `2026-01-01T00:00:0${NAMES.indexOf(name)}Z`;
  const base = service({ metadata: { name, creationTimestamp, uid: name }, spec: { type: 'LoadBalancer' } });
  return { ...base, status: { loadBalancer: { ingress: ips.map((ip) => ({ ip })) } } };
}

let ledger: AddressLedger;
beforeEach(() => {
  ledger = new AddressLedger();
});

describe('an address', () => {
  test('is whose Service says so, until it says so no more', () => {
    expect(ledger.see(saying('a', '127.97.0.1'))).toEqual({ freed: [], deprived: [] });
    expect([ledger.otherHolder('127.97.0.1', 'b'), ledger.otherHolder('127.97.0.1', 'a')]).toEqual([
      'default/a',
      undefined,
    ]);
    expect(ledger.see(saying('a')).freed).toEqual(['127.97.0.1']);
    expect(ledger.otherHolder('127.97.0.1', 'b')).toBeUndefined();
  });

  test('is whose it was offered to, before anybody says so', () => {
    ledger.see(saying('a'));
    ledger.offer(saying('a'), ['127.97.0.1']);
    expect(ledger.otherHolder('127.97.0.1', 'b')).toBe('default/a');
    expect(ledger.addressesOf('a')).toEqual(['127.97.0.1']);
    ledger.see(saying('a', '127.97.0.1'));
    expect([ledger.addressesOf('a'), ledger.size]).toEqual([['127.97.0.1'], 1]);
    expect(ledger.gone(saying('a')).freed).toEqual(['127.97.0.1']);
  });

  test('of which a Service is offered another is its own until it says the other', () => {
    ledger.see(saying('a', '127.97.0.1'));
    ledger.offer(saying('a'), ['127.97.0.2']);
    expect(ledger.otherHolder('127.97.0.1', 'b')).toBe('default/a');
    expect(ledger.addressesOf('a')).toEqual(['127.97.0.2']);
    expect(ledger.see(saying('a', '127.97.0.2')).freed).toEqual(['127.97.0.1']);
  });

  test('that was offered and never said comes back with its Service', () => {
    ledger.see(saying('a'));
    ledger.offer(saying('a'), ['127.97.0.1']);
    expect(ledger.gone(saying('a')).freed).toEqual(['127.97.0.1']);
    expect(ledger.size).toBe(0);
  });

  test('whose load balancer has ended is nobody else’s while its Service says it', () => {
    ledger.see(saying('a', '127.97.0.1'));
    expect(ledger.end(saying('a', '127.97.0.1')).freed).toEqual([]);
    expect([ledger.addressesOf('a'), ledger.otherHolder('127.97.0.1', 'b')]).toEqual([[], 'default/a']);
    expect(ledger.see(saying('a')).freed).toEqual(['127.97.0.1']);
    ledger.offer(saying('a'), ['127.97.0.2']);
    expect(ledger.addressesOf('a')).toEqual(['127.97.0.2']);
  });

  test('that two say is the older one’s, in whatever order they are heard', () => {
    expect(ledger.see(saying('b', '127.97.0.1'))).toEqual({ freed: [], deprived: [] });
    expect(ledger.see(saying('a', '127.97.0.1'))).toEqual({ freed: [], deprived: ['default/b'] });
    expect([ledger.addressesOf('a'), ledger.addressesOf('b')]).toEqual([['127.97.0.1'], []]);
    expect(ledger.see(saying('b', '127.97.0.2')).freed).toEqual([]);
    expect(ledger.gone(saying('a')).freed).toEqual(['127.97.0.1']);
  });

  test('is the same however it is written', () => {
    ledger.see(saying('a', '2001:DB8:0::1'));
    expect(ledger.otherHolder('2001:db8::1', 'b')).toBe('default/a');
  });

  test('is the same where it is carried', () => {
    ledger.see(saying('a', '10.97.0.1'));
    expect(ledger.otherHolder('127.97.0.1', 'b')).toBe('default/a');
    expect(ledger.addressesOf('a')).toEqual(['10.97.0.1']);
    ledger.see(saying('a'));
    expect([ledger.otherHolder('127.97.0.1', 'b'), ledger.size]).toEqual([undefined, 0]);
  });

  test('of a Service of another type is nobody’s', () => {
    const plain = saying('a', '127.97.0.1');
    ledger.see({ ...plain, spec: { ...plain.spec, type: 'ClusterIP' } });
    expect(ledger.otherHolder('127.97.0.1', 'b')).toBeUndefined();
  });
});

/** Services, what they say, and a ledger that hears of it late, or is begun anew. */
class World {
  private readonly pool = new AddressPool(['127.97.0.0/30']);
  private known = new AddressLedger();
  private readonly said = new Map<string, string>();
  /** By name: what was given, and is still to be written or to be used. */
  private readonly given = new Map<string, string>();

  readonly acts: Record<string, (name: string) => void> = {
    give: (name) => this.give(name),
    write: (name) => {
      const ip = this.given.get(name);
      if (ip) this.said.set(name, ip);
    },
    hear: (name) => void this.known.see(this.service(name)),
    end: (name) => {
      this.known.end(this.service(name));
      this.forget(name);
      this.known.see(this.service(name));
    },
    delete: (name) => {
      this.known.gone(this.service(name));
      this.forget(name);
    },
    // What nobody was told of is forgotten, and nothing of it is under way any more.
    restart: () => {
      this.known = new AddressLedger();
      this.given.clear();
      for (const [name, ip] of this.said) {
        this.known.see(this.service(name));
        this.given.set(name, ip);
      }
    },
  };

  private give(name: string): void {
    const [own] = this.known.addressesOf(name);
    const next = own ?? this.pool.next('IPv4', (ip) => this.known.otherHolder(ip, name) === undefined);
    if (next === undefined) return;
    this.known.offer(this.service(name), [next]);
    this.given.set(name, next);
    const others = [...this.said, ...this.given].filter(([other]) => other !== name).map(([, ip]) => ip);
    expect(others).not.toContain(next);
  }

  private forget(name: string): void {
    this.said.delete(name);
    this.given.delete(name);
  }

  private service(name: string): Service {
    const ip = this.said.get(name);
    return ip ? saying(name, ip) : saying(name);
  }
}

test('no address is ever given to two, whatever is heard late, lost, or never written', () => {
  const act = fc.tuple(fc.constantFrom('give', 'write', 'hear', 'end', 'delete', 'restart'), fc.constantFrom(...NAMES));
  fc.assert(
    fc.property(fc.array(act, { maxLength: 80 }), (acts) => {
      const world = new World();
      for (const [what, name] of acts) world.acts[what]?.(name);
    }),
  );
});
