/** S2's admins at the dashboard, with the tokens that Django gave them. */
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { type DjangoStandIn, openDjango } from '../legacy/django-stand-in.ts';
import { connect } from '../legacy/peer.ts';
import { startServer, type TestServer } from './running.ts';

let worker: BuiltWorker;
let django: DjangoStandIn;
let server: TestServer;

beforeAll(async () => {
  worker = await buildWorker();
});
afterAll(() => worker.remove());
beforeEach(async () => {
  django = await openDjango();
  django.profiles.set('boss', { id: 7, role: 'admin' });
  django.profiles.set('staff', { pk: 8, is_staff: true });
  django.profiles.set('client', { id: 9, role: 'cliente' });
  django.profiles.set('nobody', { email: 'x@example.org', role: 'admin' });
  server = await startServer(worker.entry, {
    env: { DJANGO_BASE_URL: django.baseUrl, DJANGO_TIMEOUT_MS: '300', TRUSTED_PROXIES: '127.0.0.1' },
  });
});
afterEach(async () => {
  await server.stop();
  await django.down();
});

/** What Django was asked about; without a token it is only asked whether it is there. */
const about = () => django.asked.filter(authorization => authorization !== undefined);
const views = ['', '/clients', '/rooms', '/events', '/api-status', '/stats', '/overview'].map(
  name => `/dashboard${name}`,
);

async function get(path: string, token: string, from = '192.168.1.70', method = 'GET') {
  const response = await server.call(method, path, { token, headers: { 'X-Forwarded-For': from } });
  const body = await response.json();
  return { status: response.status, code: body.error?.code, reason: body.error?.details?.reason };
}

test('[DASH30] an admin of Django gets every view of the dashboard and its cleanup, and nothing else', async () => {
  for (const token of ['boss', 'staff']) {
    for (const path of views) expect(await get(path, token), path).toMatchObject({ status: 200 });
    expect(await get('/dashboard/cleanup', token, undefined, 'POST')).toMatchObject({ status: 200 });
  }
  expect(about()).toEqual(['Token boss', 'Token staff']);
  for (const path of ['/api/sessions', '/api/photos', `/api/photos/${randomUUID()}`, '/stats', '/metrics']) {
    expect(await get(path, 'boss'), path).toMatchObject({ status: 401 });
  }
  const socket = await connect(`${server.url}/ws?token=boss`);
  expect(await socket.closed).toBe(4401);
  expect(about()).toHaveLength(2);
});

test('[DASH30] who is no admin there, or nobody, is refused; tokens of ours that are over are none of Django’s business', async () => {
  expect(await get('/dashboard', 'client')).toEqual({ status: 403, code: 'forbidden', reason: 'role' });
  expect(await get('/dashboard', 'unheard-of')).toMatchObject({ status: 401, code: 'unauthorized' });
  expect(await get('/dashboard', 'blocked')).toMatchObject({ status: 401, code: 'unauthorized' });
  expect(await get('/dashboard', 'nobody')).toMatchObject({ status: 503, code: 'unavailable' });
  // One of another key's may be Django's own.
  const foreign = await new SignJWT({ sub: 'x', role: 'admin' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode('f'.repeat(40)));
  expect(await get('/dashboard', foreign)).toMatchObject({ status: 401 });
  django.asked.length = 0;
  const phone = await server.phone();
  expect(await get('/dashboard', phone.token)).toMatchObject({ status: 403 });
  await server.call('DELETE', `/api/sessions/${phone.sessionId}`);
  expect(await get('/dashboard', phone.token)).toMatchObject({ status: 410 });
  expect(await get('/dashboard', server.token)).toMatchObject({ status: 200 });
  expect(about()).toEqual([]);
});

test('[DASH31] Django away or out of order is told so, and it is asked anew once it is back', async () => {
  expect(await get('/dashboard', 'slow')).toEqual({ status: 503, code: 'unavailable', reason: 'django' });
  expect(await get('/dashboard', 'broken')).toEqual({ status: 503, code: 'unavailable', reason: 'django' });
  await django.down();
  expect(await get('/dashboard', 'boss')).toEqual({ status: 503, code: 'unavailable', reason: 'django' });
  expect(await get('/dashboard', server.token)).toMatchObject({ status: 200 });
  await django.up();
  expect(await get('/dashboard', 'boss')).toMatchObject({ status: 200 });
});

test('[DASH32] ten guesses a minute from one address reach Django, sixty in all; those whom it took go on', async () => {
  expect(await get('/dashboard', 'boss', '192.168.1.70')).toMatchObject({ status: 200 });
  const guess = async (from: string, many: number) => {
    const answers = await Promise.all(Array.from({ length: many }, () => get('/dashboard', randomUUID(), from)));
    return [401, 429].map(status => answers.filter(answer => answer.status === status).length);
  };
  django.asked.length = 0;
  expect(await guess('192.168.1.70', 40)).toEqual([10, 30]);
  expect(about()).toHaveLength(10);
  expect(await get('/dashboard', 'boss', '192.168.1.70')).toMatchObject({ status: 200 });
  for (let n = 1; n <= 5; n++) expect(await guess(`192.168.2.${n}`, 12)).toEqual([10, 2]);
  expect(await guess('192.168.3.1', 5)).toEqual([0, 5]);
  expect(about()).toHaveLength(60);
  expect(await get('/dashboard', 'boss', '192.168.3.1')).toMatchObject({ status: 200 });
});

test('[DASH32] a page that asks everything at once with a new token is asked about once', async () => {
  const answers = await Promise.all(views.map(path => get(path, 'boss')));
  expect(answers.map(({ status }) => status)).toEqual(views.map(() => 200));
  expect(about()).toEqual(['Token boss']);
});
