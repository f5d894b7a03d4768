// @vitest-environment jsdom
import { namespace, pod } from '@binnacle/testing-fixtures';
import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import { cleanup, screen } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { showPage } from '../testing/page.js';
import { NamesApart } from './cut-name.js';
import { KindLink, NameLink } from './links.js';

afterEach(cleanup);

const untyped = (object: KubeObject) => object as UnstructuredObject;
const href = () => screen.getByRole('link').getAttribute('href');

describe('a link to an object', () => {
  test.each([
    ['of a namespace', { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' }, '/c/main/pods/shop/web'],
    ['of none', { apiVersion: 'v1', kind: 'Node', name: 'node-1' }, '/c/main/nodes/node-1'],
    [
      'of none, though whoever names it says one',
      { apiVersion: 'v1', kind: 'Node', namespace: 'shop', name: 'node-1' },
      '/c/main/nodes/node-1',
    ],
    [
      'in another version of its group',
      { apiVersion: 'apps/v1beta1', kind: 'Deployment', namespace: 'shop', name: 'web' },
      '/c/main/deployments.apps/shop/web',
    ],
    [
      'whose name needs it',
      { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'a/b' },
      '/c/main/pods/shop/a%2Fb',
    ],
  ])('%s leads there', (_, props, address) => {
    showPage(<KindLink {...props} />);
    expect(href()).toBe(address);
    expect(screen.getByRole('link').textContent).toBe(props.name);
  });

  test('keeps the namespace that was chosen', () => {
    showPage(<KindLink apiVersion="v1" kind="Node" name="node-1" />, { address: '/c/main/pods?ns=shop' });
    expect(href()).toBe('/c/main/nodes/node-1?ns=shop');
  });

  test('of a kind that is not served is its name alone', () => {
    const { container } = showPage(<KindLink apiVersion="example.com/v1" kind="Widget" name="one" cut />);
    expect(screen.queryByRole('link')).toBeNull();
    expect(container.textContent).toBe('one');
    expect(screen.getByTitle('one')).toBeTruthy();
  });
});

describe('a name in a narrow place', () => {
  const LONG = ['fleet-service-1-799fdfbd9f-rcmqq', 'fleet-service-2-799fdfbd9f-x2x8k'];
  const parts = () => [...screen.getByRole('link').children].map(({ textContent }) => textContent);

  test('is read whole, told whole on pointing, and cut where names beside it are alike', () => {
    showPage(
      <NamesApart names={LONG}>
        <KindLink apiVersion="v1" kind="Pod" namespace="shop" name={LONG[0] ?? ''} cut />
      </NamesApart>,
    );
    const link = screen.getByRole('link', { name: LONG[0] ?? '' });
    expect(link.title).toBe(LONG[0]);
    expect(parts()).toEqual(['fleet-service-', '1-799fdfbd9f', '-rcmqq']);
    expect(link.textContent).toBe(LONG[0]);
  });

  test('that is short is never cut', () => {
    showPage(<KindLink apiVersion="v1" kind="Node" name="worker-1" cut />);
    expect(parts()).toEqual(['worker-1']);
  });
});

describe('the name of a row', () => {
  test('is the way into it, with how it stands where no column says that', () => {
    showPage(<NameLink object={untyped(pod())} status={{ tone: 'error', label: 'Failed' }} />);
    expect(screen.getByRole('link', { name: 'pod-1' }).hasAttribute('data-row-link')).toBe(true);
    expect(document.querySelector('svg.text-error')).not.toBeNull();
    cleanup();
    showPage(<NameLink object={untyped(namespace())} status={undefined} />);
    expect(href()).toBe('/c/main/namespaces/default');
    expect(document.querySelector('svg')).toBeNull();
  });

  test('of a kind that is not served leads nowhere', () => {
    const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'one' } };
    showPage(<NameLink object={widget} status={undefined} />);
    expect(screen.queryByRole('link')).toBeNull();
    expect(screen.getByTitle('one').textContent).toBe('one');
  });
});
