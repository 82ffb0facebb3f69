/** The settings over the native protocol on the real server: who may, what is told to whom, what is kept. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod/mini';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { read, readJson } from '../../protocol/codec.ts';
import { pageFacts } from '../../protocol/page-facts.ts';
import { fieldProblems } from '../../protocol/settings.ts';
import { RequestError } from '../../renderer/client/index.ts';
import { startServer, type TestServer } from './running.ts';

const secret = 'a secret key for tests, 32 bytes or more';
let worker: BuiltWorker;
beforeAll(async () => {
  worker = await buildWorker();
});
afterAll(() => worker.remove());

async function start(options: Parameters<typeof startServer>[1] = {}): Promise<TestServer> {
  const server = await startServer(worker.entry, { ...options, env: { SECRET_KEY: secret, ...options.env } });
  onTestFinished(() => server.stop());
  return server;
}

/** What `work` did on a server that has stopped since, as the next one on the same data folder finds it. */
async function restarted<T>(work: (server: TestServer) => Promise<T>): Promise<{ server: TestServer; before: T }> {
  const first = await startServer(worker.entry, { env: { SECRET_KEY: secret } });
  const before = await work(first).finally(() => first.stop({ keep: true }));
  return { server: await start({ dataDir: first.dataDir }), before };
}

const tokenOf = (role: string) =>
  new SignJWT({ role })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(role)
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));

async function refused(asked: Promise<unknown>): Promise<RequestError> {
  const error = await asked.then(
    () => null,
    (error: unknown) => error,
  );
  if (error instanceof RequestError) return error;
  throw new Error(`it was not refused: ${String(error)}`);
}

async function facts(server: TestServer, path = '/J') {
  const page = await (await server.call('GET', path, { token: null, headers: { Accept: 'text/html' } })).text();
  const content = /content="([^"]*retention_days[^"]*)"/.exec(page)?.[1] ?? '';
  const json = readJson(
    content
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&'),
  );
  const found = json.ok ? read(pageFacts, json.value) : json;
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
}

test('[SET9] operators and admins see and change the settings; others and phones are refused and hear nothing', async () => {
  const server = await start();
  const desk = server.client();
  const admin = server.client(await tokenOf('admin'));
  const office = server.client(await tokenOf('integration'));
  const visitor = server.client((await server.phone()).token);
  const heard: string[] = [];
  for (const [name, client] of Object.entries({ desk, admin, office, visitor })) {
    client.on('settings_updated', ({ settings }) => void heard.push(`${name} ${settings.desk_name}`));
  }
  for (const client of [office, visitor]) {
    expect((await refused(client.send('settings', 'get', {}))).code).toBe('forbidden');
    expect((await refused(client.send('settings', 'update', { settings: {} }))).code).toBe('forbidden');
    expect((await refused(client.send('settings', 'check_pin', { pin: '1' }))).code).toBe('forbidden');
  }
  expect((await admin.send('settings', 'get', {})).settings.desk_name).toBe('Mostrador');
  const reply = await admin.send('settings', 'update', { settings: { desk_name: 'Caja 4' } });
  expect(reply.settings.desk_name).toBe('Caja 4');
  await expect.poll(() => [...heard].sort()).toEqual(['admin Caja 4', 'desk Caja 4']);
  // Each has been answered after the change, so whatever it was to hear it has heard.
  await Promise.all([office.send('sessions', 'list', {}), visitor.send('events', 'resume', { after: 0 })]);
  expect(heard).toHaveLength(2);
});

test('[SET10] settings.json is written with mode 0600 and read at the next start; a disk that refuses changes nothing', async () => {
  const { server, before: path } = await restarted(async server => {
    await server
      .client()
      .send('settings', 'update', { settings: { wifi_ssid: 'Visitas', wifi_password: 'hush-hush' } });
    return join(server.dataDir, 'settings.json');
  });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ WIFI_SSID: 'Visitas', WIFI_PASSWORD: 'hush-hush' });
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  const desk = server.client();
  const { settings } = await desk.send('settings', 'get', {});
  expect(settings).toMatchObject({ wifi_ssid: 'Visitas', wifi_password_set: true });
  expect(JSON.stringify(settings)).not.toContain('hush');

  // Where the new file is to be written first stands a folder.
  mkdirSync(`${path}.${process.pid}.new`);
  const failed = await refused(desk.send('settings', 'update', { settings: { wifi_ssid: 'Otra' } }));
  expect(failed.code).toBe('unavailable');
  expect((await desk.send('settings', 'get', {})).settings.wifi_ssid).toBe('Visitas');
  expect(server.errors.splice(0)).toHaveLength(1);
});

test('[SET11] pages opened after a change have the new name, language, retention and consent', async () => {
  const server = await start();
  expect(await facts(server)).toMatchObject({ desk: 'Mostrador', lang: 'es', consent: { version: '1', text: null } });
  await server.client().send('settings', 'update', {
    settings: { desk_name: '<Caja & "4">', lang: 'en', retention_days: 3, consent_text: 'Sus fotos $& se borran.' },
  });
  for (const path of ['/J', '/kiosk']) {
    expect(await facts(server, path)).toMatchObject({
      desk: '<Caja & "4">',
      lang: 'en',
      retention_days: 3,
      consent: { version: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), text: 'Sus fotos $& se borran.' },
    });
  }
});

test('[SET12] with a PIN set a change needs it; after five wrong ones a minute the right one is refused too', async () => {
  const server = await start({ env: { DESK_NAME: 'Caja' } });
  const desk = server.client();
  await desk.send('settings', 'update', { settings: { settings_pin: '2468' } });
  const without = await refused(desk.send('settings', 'update', { settings: { sounds: false } }));
  expect([without.code, without.details?.reason]).toEqual(['forbidden', 'pin_needed']);
  await desk.send('settings', 'check_pin', { pin: '2468' });
  expect((await desk.send('settings', 'update', { settings: { sounds: false }, pin: '2468' })).settings.sounds).toBe(
    false,
  );
  const guesses = await Promise.all(
    Array.from({ length: 8 }, (_, n) => refused(desk.send('settings', 'check_pin', { pin: `135${n}` }))),
  );
  expect(guesses.map(({ code }) => code).sort()).toEqual([
    ...Array.from({ length: 5 }, () => 'forbidden'),
    ...Array.from({ length: 3 }, () => 'rate_limited'),
  ]);
  const late = await refused(desk.send('settings', 'update', { settings: { sounds: true }, pin: '2468' }));
  expect(late.code).toBe('rate_limited');
  expect((await desk.send('settings', 'get', {})).settings.sounds).toBe(false);
});

test('[SET334] a PIN that nobody knows is undone in settings.json at the next start, or another one is given by the environment', async () => {
  const first = await startServer(worker.entry);
  const { dataDir } = first;
  await first.client().send('settings', 'update', { settings: { settings_pin: '2468', desk_name: 'Caja' } });
  await first.stop({ keep: true });

  const second = await startServer(worker.entry, { dataDir, env: { SETTINGS_PIN: '1357' } });
  await second.client().send('settings', 'check_pin', { pin: '1357' });
  expect((await refused(second.client().send('settings', 'check_pin', { pin: '2468' }))).code).toBe('forbidden');
  await second.stop({ keep: true });

  const path = join(dataDir, 'settings.json');
  const saved: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'));
  expect(saved.SETTINGS_PIN).toMatch(/^scrypt:/);
  writeFileSync(path, JSON.stringify({ ...saved, SETTINGS_PIN: '' }));
  const desk = (await start({ dataDir })).client();
  expect((await desk.send('settings', 'get', {})).settings).toMatchObject({ pin_set: false, desk_name: 'Caja' });
  expect((await desk.send('settings', 'update', { settings: { sounds: false } })).settings.sounds).toBe(false);
});

test('[SET13] the log has who changed which settings, and no value of them', async () => {
  const server = await start();
  const desk = server.client();
  await desk.send('settings', 'update', {
    settings: { wifi_password: 'hush-hush', settings_pin: '2468', sounds: false },
  });
  await desk.send('settings', 'update', { settings: { sounds: false }, pin: '2468' });
  const { activity } = await desk.send('activity', 'list', { kinds: ['settings_changed'] });
  expect(activity.map(({ who, data }) => ({ who, data }))).toEqual([
    { who: 'operator', data: { names: ['wifi_password', 'sounds', 'settings_pin'] } },
  ]);
  expect(JSON.stringify(activity)).not.toMatch(/hush|2468/);
});

test('[SET2] wrong fields come back by name; an unknown one is refused', async () => {
  const server = await start({ env: { DESK_NAME: 'Caja' } });
  const desk = server.client();
  const wrong = await refused(desk.send('settings', 'update', { settings: { retention_days: 0, desk_name: 'x' } }));
  expect(wrong.code).toBe('invalid_message');
  const problems = z.parse(fieldProblems, wrong.details?.fields);
  expect(problems.retention_days?.es).toContain('1 a 3650');
  expect(problems.desk_name?.es).toContain('fijado');
  const { status } = await server.call('GET', '/health', { token: null });
  expect(status).toBe(200);
});

test('[SET14] a visitor’s consent is kept with the session, said twice it is one, and another phone is asked anew', async () => {
  const { server, before } = await restarted(async server => {
    const desk = server.client();
    const phone = await server.phone({ idPersona: 'DNI-7' });
    const { sessionId: session_id } = phone;
    const visitor = server.client(phone.token);
    const { session } = await visitor.send('sessions', 'consent', { session_id, version: '2026-03-02' });
    expect(session.consent?.version).toBe('2026-03-02');
    const again = await visitor.send('sessions', 'consent', { session_id, version: '2026-03-02' });
    expect(again.session.consent).toEqual(session.consent);
    const { activity } = await desk.send('activity', 'list', { kinds: ['consent_given'] });
    expect(activity.map(({ who, data }) => [who, data.idPersona, data.version])).toEqual([
      [session_id, 'DNI-7', '2026-03-02'],
    ]);
    const stranger = server.client((await server.phone()).token);
    const agree = { session_id, version: '1' };
    expect((await refused(stranger.send('sessions', 'consent', agree))).code).toBe('not_found');
    expect((await refused(desk.send('sessions', 'consent', agree))).code).toBe('forbidden');
    return session;
  });
  const desk = server.client();
  const kept = await desk.send('sessions', 'get', { session_id: before.id });
  expect(kept.session.consent).toEqual(before.consent);
  const renewed = await desk.send('sessions', 'renew', { session_id: before.id });
  expect(renewed.session.consent).toBeUndefined();
});
