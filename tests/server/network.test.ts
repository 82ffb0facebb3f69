/** The desk's help with the network, and what its phones hear of it. Two loopback addresses stand for a Wi-Fi and for Docker. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import type { Interfaces } from '../../electron/lan.ts';
import type { EventData, EventName } from '../../protocol/events.ts';
import type { NetworkStatus } from '../../protocol/network.ts';
import type { MostradorClient } from '../../renderer/client/index.ts';
import { card } from '../network-card.ts';
import { ask, startServer, type TestServer } from './running.ts';

/** The server listens on this one alone. */
const wifi = '127.0.0.1';
const docker = '127.0.0.6';
/** A device that is not this PC. */
const other = '127.0.0.9';
const password = 'no;se:cuenta';

const usual: Interfaces = { docker0: card(docker), wlan0: card(wifi) };

let worker: BuiltWorker;
let server: TestServer;
let now: Interfaces = usual;

beforeAll(async () => {
  worker = await buildWorker();
  server = await startServer(worker.entry, {
    env: { PUBLIC_URL: '', WIFI_SSID: 'Visitantes', WIFI_PASSWORD: password },
    interfaces: () => now,
  });
});
afterEach(() => {
  now = usual;
});
afterAll(async () => {
  await server?.stop();
  await worker?.remove();
});

/** The next event of that kind that `fits`. */
function heard<E extends EventName>(client: MostradorClient, event: E, fits: (data: EventData<E>) => boolean) {
  return new Promise<EventData<E>>(resolve => {
    const stop = client.on(event, data => {
      if (!fits(data)) return;
      stop();
      resolve(data);
    });
  });
}

const reached = (status: NetworkStatus, address: string) =>
  status.addresses.find(entry => entry.address === address)?.reached_at ?? null;

test('[NET5] the desk is told of every address: what it is, which one is in the QR, and whether the server answers there', async () => {
  const status = await server.client().send('network', 'status', {});
  expect(status.addresses).toEqual([
    expect.objectContaining({ address: wifi, name: 'wlan0', in_qr: true, answers: true, reached_at: null }),
    expect.objectContaining({ address: docker, name: 'docker0', kind: 'virtual', in_qr: false, answers: false }),
  ]);
  expect(status).toMatchObject({ interface: null, public_url: null, host: '127.0.0.1', port: server.port });
  expect(status.url).toBe(`http://${wifi}:${server.port}`);
  expect(status.firewall[0]?.command).toMatch(new RegExp(`${server.port}|socketfilterfw`));
});

test('[NET6] the password of the Wi-Fi is told to whoever asks for the QR that joins it, and nowhere else', async () => {
  const client = server.client();
  const status = await client.send('network', 'status', {});
  expect(status.wifi).toEqual({ ssid: 'Visitantes', has_password: true });
  expect(JSON.stringify(status)).not.toContain('se:cuenta');
  expect(await client.send('network', 'wifi', {})).toEqual({
    wifi: { ssid: 'Visitantes', text: String.raw`WIFI:T:WPA;P:no\;se\:cuenta;S:Visitantes;;` },
  });
});

test('[NET7] a phone may not ask', async () => {
  const { token } = await server.phone();
  for (const [action, input] of [
    ['status', {}],
    ['wifi', {}],
    ['choose', { interface: null }],
  ] as const) {
    await expect(server.client(token).send('network', action, input)).rejects.toMatchObject({ code: 'forbidden' });
  }
});

test('[NET8] the first device that arrives on an address turns it green at once; this PC itself does not', async () => {
  const client = server.client();
  await ask(server.port, { path: '/J', from: wifi });
  // What is asked of no visitor's page does not count either.
  await ask(server.port, { path: '/health', from: other });
  expect(reached(await client.send('network', 'status', {}), wifi)).toBeNull();
  const told = heard(client, 'network_status', status => reached(status, wifi) !== null);
  await ask(server.port, { path: '/J', from: other });
  expect(Math.abs(Date.parse(reached(await told, wifi) ?? '') - Date.now())).toBeLessThan(60_000);
  expect(reached(await client.send('network', 'status', {}), docker)).toBeNull();
});

test('[NET2] the desk’s choice is in the QR at once, in the settings and in its answer; what this PC has not is refused', async () => {
  const client = server.client();
  const { id } = await server.session({ idPersona: 'DNI-7' });
  const updated = heard(client, 'settings_updated', ({ settings }) => settings.lan_interface === 'docker0');
  const redrawn = heard(
    client,
    'session_updated',
    ({ session }) => session.id === id && session.qr?.url.startsWith(`HTTP://${docker}:`) === true,
  );
  const status = await client.send('network', 'choose', { interface: 'docker0' });
  expect(status).toMatchObject({ interface: 'docker0', url: `http://${docker}:${server.port}` });
  expect(status.addresses[0]).toMatchObject({ address: docker, chosen: true, in_qr: true });
  await Promise.all([updated, redrawn]);
  const saved = () => JSON.parse(readFileSync(join(server.dataDir, 'settings.json'), 'utf8'));
  expect(saved()).toEqual({ LAN_INTERFACE: 'docker0' });
  await expect(client.send('network', 'choose', { interface: 'eth9' })).rejects.toMatchObject({ code: 'not_found' });
  expect((await client.send('network', 'choose', { interface: null })).url).toBe(`http://${wifi}:${server.port}`);
  expect(saved()).toEqual({});
});

test('[NET16] where the start has fixed the address, it is said so and nothing can be chosen', async () => {
  const started = async (env: Record<string, string>) => {
    const other = await startServer(worker.entry, { env, interfaces: () => usual });
    onTestFinished(() => other.stop());
    const client = other.client();
    return { status: await client.send('network', 'status', {}), client };
  };
  const fixed = await started({ PUBLIC_URL: '', LAN_INTERFACE: 'docker0' });
  expect(fixed.status).toMatchObject({ interface: 'docker0', interface_fixed: true });
  const byUrl = await started({ PUBLIC_URL: `http://${wifi}:9` });
  expect(byUrl.status).toMatchObject({ public_url: `http://${wifi}:9`, url: `http://${wifi}:9` });
  for (const { client } of [fixed, byUrl]) {
    await expect(client.send('network', 'choose', { interface: 'wlan0' })).rejects.toMatchObject({ code: 'conflict' });
  }
});

test('[NET9] a change of network is in the QR, at the desk and on the phones within 5 s', async () => {
  const desk = server.client();
  const waiting = await server.session({ idPersona: 'DNI-9' });
  const { token } = await server.phone({ idPersona: 'DNI-8' });
  const phone = server.client(token);
  await phone.send('rooms', 'list', {});
  await desk.send('rooms', 'list', {});
  const redrawn = heard(
    desk,
    'session_updated',
    ({ session }) => session.id === waiting.id && session.qr?.url.startsWith('HTTP://127.0.0.77:') === true,
  );
  const status = heard(desk, 'network_status', ({ url }) => url === `http://127.0.0.77:${server.port}`);
  const told = heard(phone, 'network_changed', () => true);
  const began = performance.now();
  now = { wlan0: card('127.0.0.77') };
  await redrawn;
  expect((await status).addresses.map(({ address }) => address)).toEqual(['127.0.0.77']);
  expect(await told).toEqual({ url: `http://127.0.0.77:${server.port}` });
  expect(performance.now() - began).toBeLessThan(5_000);
  const runtime: unknown = JSON.parse(readFileSync(join(server.dataDir, 'runtime.json'), 'utf8'));
  expect(runtime).toMatchObject({ lanUrls: [`http://127.0.0.77:${server.port}`] });
});

test('[DATA8] a change of network that runtime.json cannot take is told all the same, and ends nothing', async () => {
  const file = join(server.dataDir, 'runtime.json');
  rmSync(file);
  mkdirSync(file);
  onTestFinished(() => rmSync(file, { recursive: true, force: true }));
  const desk = server.client();
  await desk.send('rooms', 'list', {});
  // Told before the file is written, and once more when it is known whether anybody answers there.
  let times = 0;
  const told = heard(desk, 'network_status', ({ url }) => url === `http://127.0.0.78:${server.port}` && ++times === 2);
  now = { wlan0: card('127.0.0.78') };
  await told;
  expect((await server.call('GET', '/health')).status).toBe(200);
});
