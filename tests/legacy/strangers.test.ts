/** Who may come in by WebSocket and Socket.IO at all: tokens, addresses, names and pages. (CONTRACT 2, 4 and 5; TRUST, "HTTP".) */
import { createHmac } from 'node:crypto';
import { hostname } from 'node:os';
import { SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Runtime } from '../../electron/data-folder.ts';
import { programs } from '../process/program.ts';
import { ask, raw } from '../server/running.ts';
import { connect, type Peer } from './peer.ts';
import { listen } from './socket-clients.ts';

const runs = programs();
const secret = 's'.repeat(40);
const listed = '192.168.1.9';
/** Where it stands behind a proxy that it trusts; with nobody allowed; with its own names; without a proxy. */
let proxied: Runtime;
let closed: Runtime;
let named: Runtime;

beforeAll(async () => {
  const env = { SECRET_KEY: secret, LOG_LEVEL: 'warn' };
  const settings: Record<string, string>[] = [
    {
      TRUSTED_PROXIES: '127.0.0.1',
      LEGACY_ALLOW: `${listed},10.1.0.0/16`,
      CORS_ALLOWED_ORIGINS: 'https://crm.example',
    },
    { LEGACY_ALLOW: 'none' },
    { ALLOWED_HOSTS: 'desk.example', PUBLIC_URL: 'http://front.example:8080' },
  ];
  const [one, two, three] = await Promise.all(
    settings.map(more => runs.start(['--no-open'], { env: { ...env, ...more } }).ready()),
  );
  if (!one || !two || !three) throw new Error('not all have started');
  [proxied, closed, named] = [one, two, three];
});
afterAll(() => runs.clean());

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

/** @throws the status that refused it. */
async function join(at: Runtime, path = '/', headers: Record<string, string> = {}): Promise<Peer> {
  const peer = await connect(`http://127.0.0.1:${at.port}${path}`, headers);
  open.push(peer);
  return peer;
}

const from = (address: string) => ({ 'X-Forwarded-For': address });
const outside = from('192.168.1.77');

function token(claims: object, { key = secret, expires = '1h', sub = 'crm' } = {}): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(key));
}

/** What opens nothing, by what is wrong with it. */
async function bad(): Promise<Record<string, string>> {
  const claims = { role: 'integration' };
  const good = await token(claims);
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  return {
    'another key': await token(claims, { key: 'f'.repeat(40) }),
    expired: await token(claims, { expires: '-1s' }),
    unsigned: `${none}.${good.split('.')[1]}.`,
    'without exp': await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('crm')
      .sign(new TextEncoder().encode(secret)),
    'a role that there is not': await token({ role: 'root' }),
    'made up': 'x'.repeat(43),
  };
}

const type = ({ payload }: Record<string, unknown>) => (payload as { type?: string } | undefined)?.type;

describe('tokens', () => {
  test('[SOCK20] /ws takes the token as a Bearer too, of a JWT and of the operator', async () => {
    for (const [bearer, role] of [
      [await token({ role: 'admin' }), 'admin'],
      [proxied.operatorToken, 'operator'],
    ]) {
      const peer = await join(proxied, '/ws', { ...outside, Authorization: `Bearer ${bearer}` });
      const hello = await peer.find(message => type(message) === 'connected');
      expect(hello).toMatchObject({ payload: { data: { role } } });
    }
  });

  test('[SOCK401] a service of one’s own may sign a number as sub, and null as role', async () => {
    // By hand: the library here would not.
    const parts = [{ alg: 'HS256' }, { sub: 123, role: null, exp: 4_000_000_000 }];
    const signed = parts.map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const seal = createHmac('sha256', secret).update(signed).digest('base64url');
    const peer = await join(proxied, `/ws?token=${signed}.${seal}`, outside);
    const hello = await peer.find(message => type(message) === 'connected');
    expect(hello).toMatchObject({ payload: { data: { user_id: '123', role: 'user' } } });
  });

  test('[SOCK21] a token of another key, an expired, an unsigned or an endless one is told why at /ws and closed with 4401, however it comes', async () => {
    for (const [what, wrong] of Object.entries(await bad())) {
      const first = await join(proxied, '/ws');
      first.send({ type: 'auth', token: wrong });
      const ways = [
        first,
        await join(proxied, `/ws?token=${wrong}`),
        await join(proxied, '/ws', { Authorization: `Bearer ${wrong}` }),
      ];
      for (const peer of ways) {
        expect(await peer.closed, what).toBe(4401);
        const codes = peer.heard.map(text => JSON.parse(text).payload.code);
        expect(codes, what).toEqual(['unauthorized']);
      }
    }
  });

  test('[RAW10] a bad token is 401 on raw WebSockets, from a listed address too; that of an integration hears photos and speaks S1', async () => {
    for (const [what, wrong] of Object.entries(await bad())) {
      for (const address of [listed, '192.168.1.77']) {
        const headers = { ...from(address), Authorization: `Bearer ${wrong}` };
        await expect(join(proxied, '/', headers), what).rejects.toThrow('refused 401');
        await expect(join(proxied, `/x?token=${wrong}`, from(address)), what).rejects.toThrow('refused 401');
      }
    }
    const good = await token({ role: 'integration' });
    const [photos, qr] = [
      await join(proxied, '/', { ...outside, Authorization: `Bearer ${good}` }),
      await join(proxied, `/?token=${good}`, outside),
    ];
    const sender = await join(proxied, '/', from(listed));
    const frame = '{"idPersona":"1","image":"/9j/4AAQ"}';
    sender.send(frame);
    expect(await photos.next()).toBe(frame);
    qr.send({ type: 'get_qr' });
    expect(await qr.find(message => message.type === 'qr_code')).toMatchObject({ qr_data: expect.any(String) });
    // A user's token hears no photos: it makes a native client of whoever brings it.
    const user = await join(proxied, `/?token=${await token({ role: 'cliente' })}`, outside);
    await user.find(message => type(message) === 'connected');
    sender.send(frame);
    expect(await photos.next()).toBe(frame);
    await user.settled();
    expect(user.heard.filter(text => text === frame)).toEqual([]);
  });

  test('[S1R20] a bad token opens no S1 over Socket.IO from an address that is not listed', async () => {
    for (const [what, wrong] of Object.entries(await bad())) {
      const one = listen(`http://127.0.0.1:${proxied.port}`, ['connected', 'qr_code', 'error'], {
        transports: ['websocket'],
        extraHeaders: outside,
        auth: { token: wrong },
      });
      open.push(one);
      one.emit('get_qr', {});
      expect(await one.next('error'), what).toMatchObject({ type: 'error', message: expect.stringMatching(/\S/) });
      expect([...one.heard('connected'), ...one.heard('qr_code')], what).toEqual([]);
    }
  });
});

describe('addresses', () => {
  test('[CONF30] an address or network of LEGACY_ALLOW comes without a token, any other does not, and none means nobody', async () => {
    const frame = '{"idPersona":"1","image":"/9j/4AAQ"}';
    const one = await join(proxied, '/', from(listed));
    const two = await join(proxied, '/', from('10.1.200.3'));
    two.send(frame);
    expect(await one.next()).toBe(frame);
    // Not listed, this machine included: what is no native sign-in ends it.
    for (const stranger of [
      await join(proxied, '/', outside),
      await join(proxied, '/', from('10.2.0.1')),
      await join(proxied),
      await join(closed),
    ]) {
      stranger.send(frame);
      expect(await stranger.closed).toBe(4401);
    }
    await one.settled();
    expect(one.heard).toEqual([frame]);
    const s1 = listen(`http://127.0.0.1:${closed.port}`, ['connected', 'error'], { transports: ['websocket'] });
    open.push(s1);
    s1.emit('get_qr', {});
    await s1.next('error');
    expect(s1.heard('connected')).toEqual([]);
    const s3 = listen(`http://127.0.0.1:${closed.port}`, [], { transports: ['websocket'], query: { user_id: 'ana' } });
    open.push(s3);
    expect(String(await s3.next('connect_error'))).toMatch(/token/i);
    // With its token it is welcome from there too.
    const hears = await join(closed, `/?token=${closed.operatorToken}`);
    const sends = await join(closed, '/', { Authorization: `Bearer ${await token({ role: 'integration' })}` });
    sends.send(frame);
    expect(await hears.next()).toBe(frame);
  });

  test('[CONF31] a forwarded address from a proxy that is not trusted makes nobody local: S0, S1 and S3 need their token', async () => {
    // `named` lets this machine's programs in without one, and trusts no proxy.
    const frame = '{"idPersona":"1","image":"/9j/4AAQ"}';
    const local = await join(named);
    const claimed: Record<string, string>[] = [
      from('127.0.0.1'),
      from('192.168.1.77'),
      { Forwarded: 'for=127.0.0.1' },
      { 'X-Forwarded-Proto': 'https' },
    ];
    for (const headers of claimed) {
      const stranger = await join(named, '/', headers);
      stranger.send(frame);
      expect(await stranger.closed, JSON.stringify(headers)).toBe(4401);
      const socket = { transports: ['websocket'], extraHeaders: headers };
      const s1 = listen(`http://127.0.0.1:${named.port}`, ['connected', 'error'], socket);
      const s3 = listen(`http://127.0.0.1:${named.port}`, [], { ...socket, query: { user_id: 'ana' } });
      open.push(s1, s3);
      s1.emit('get_qr', {});
      await s1.next('error');
      expect(s1.heard('connected')).toEqual([]);
      expect(String(await s3.next('connect_error'))).toMatch(/token/i);
    }
    await local.settled();
    expect(local.heard).toEqual([]);
  });
});

describe('names and pages', () => {
  /** The status of a handshake, as bytes: no library sends another Host. */
  async function upgrade(at: Runtime, path: string, headers: Record<string, string>): Promise<string> {
    const said = { Host: '127.0.0.1', ...headers };
    const lines = Object.entries(said).map(([name, value]) => `${name}: ${value}\r\n`);
    const key = Buffer.alloc(16).toString('base64');
    const more = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n`;
    // Where it is let in, bytes that are no frame end it.
    const junk = Buffer.from([0xff, 0x80, 0, 0, 0, 0]);
    const head = Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('')}${more}\r\n`);
    return (await raw(at.port, Buffer.concat([head, junk]))).slice(9, 12);
  }
  const sio = '/socket.io/?EIO=4&transport=websocket';
  const polling = '/socket.io/?EIO=4&transport=polling';

  test('[RAW11] on S0’s and S1’s paths and on Socket.IO, by WebSocket and by polling, another Host is 421 and a page of another origin 403', async () => {
    for (const path of ['/', '/socket', '/a/b?c=d', sio, `${sio}&user_id=ana`]) {
      for (const Host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:8080']) {
        expect(await upgrade(proxied, path, { Host }), `${path} ${Host}`).toBe('421');
      }
      for (const Origin of ['http://evil.example', 'null', 'http://127.0.0.1:1']) {
        expect(await upgrade(proxied, path, { Origin }), `${path} ${Origin}`).toBe('403');
      }
      for (const Origin of ['https://crm.example', 'http://127.0.0.1']) {
        expect(await upgrade(proxied, path, { Origin }), `${path} ${Origin}`).toBe('101');
      }
    }
    const poll = async (headers: Record<string, string>) =>
      (await ask(proxied.port, { path: polling, headers })).status;
    expect(await poll({ Host: 'evil.example' })).toBe(421);
    for (const Origin of ['http://evil.example', 'null']) expect(await poll({ Origin }), Origin).toBe(403);
    expect(await poll({ Origin: 'https://crm.example' })).toBe(200);
  });

  test('[CONF32] the names of ALLOWED_HOSTS, of PUBLIC_URL and of this machine are its own, and no other', async () => {
    const machine = hostname();
    const own = ['desk.example', 'DESK.example:8080', 'front.example', machine, `${machine}.local`, 'localhost'];
    for (const Host of own) {
      expect((await ask(named.port, { path: '/health', headers: { Host } })).status, Host).toBe(200);
      for (const path of ['/', sio]) expect(await upgrade(named, path, { Host }), `${path} ${Host}`).toBe('101');
    }
    for (const Host of ['x.desk.example', 'example', 'front.example.evil.example', 'other.local']) {
      expect((await ask(named.port, { path: '/health', headers: { Host } })).status, Host).toBe(421);
      expect(await upgrade(named, '/', { Host }), Host).toBe('421');
    }
    // A page of its own name is its own page.
    const page = { Host: 'front.example:8080', Origin: 'http://front.example:8080' };
    expect(await upgrade(named, '/ws', page)).toBe('101');
    expect(await upgrade(named, '/ws', { ...page, Origin: 'http://desk.example:8080' })).toBe('403');
  });
});
