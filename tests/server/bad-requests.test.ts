/** What strangers and broken programs send by HTTP: a clear answer each time, nothing half-stored, and the desk goes on. (TRUST.) */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { type BuiltWorker, buildWorker } from '../../electron/images/built-worker.ts';
import { pairReply } from '../../protocol/session.ts';
import { ask, jpeg, must, type Phone, raw, startServer, type TestServer } from './running.ts';

const secret = 'a secret key for tests, 32 bytes or more';
const key = new TextEncoder().encode(secret);
const MiB = 1024 * 1024;

let worker: BuiltWorker;
let server: TestServer;
let phone: Phone;
beforeAll(async () => {
  worker = await buildWorker();
  const env = { SECRET_KEY: secret, CORS_ALLOWED_ORIGINS: 'https://crm.example', UPLOADS_PER_MINUTE: '1000' };
  server = await startServer(worker.entry, { env });
  phone = await server.phone({ idPersona: 'DNI-48213377' });
});
afterAll(async () => {
  await server.isHealthy();
  expect(server.errors).toEqual([]);
  await server.stop();
  await worker.remove();
});

const failed = async (response: Response) => {
  const { error } = must(
    z.object({ error: z.looseObject({ code: z.string(), message: z.string() }) }),
    await response.json(),
  );
  return `${response.status} ${error.code}`;
};
const signed = (claims: Record<string, unknown>, expires: string | null = '1h', by = key, alg = 'HS256') => {
  const jwt = new SignJWT(claims).setProtectedHeader({ alg });
  return (expires === null ? jwt : jwt.setExpirationTime(expires)).sign(by);
};

describe('tokens', () => {
  test('[BAD1] without a token, and with one that was never given out: 401', async () => {
    const unsigned = ['{"alg":"none"}', JSON.stringify({ sub: 'x', role: 'admin', exp: 4e9 })].map(part =>
      Buffer.from(part).toString('base64url'),
    );
    const tokens = [
      null,
      '',
      'x',
      'undefined',
      server.token.slice(0, -1),
      `${server.token}A`,
      await signed({ sub: 'x', role: 'admin' }, '1h', new TextEncoder().encode('another server has another key, too')),
      await signed({ sub: 'x', role: 'admin' }, null),
      await signed({ sub: 'x', role: 'admin' }, '-1s'),
      await signed({ sub: 'x', role: 'admin' }, '1h', key, 'HS512'),
      await signed({ role: 'admin' }),
      await signed({ sub: 'x', role: 'phone' }),
      await signed({ sub: 'x', role: 'root' }),
      await signed({ sub: 'x\0y', role: 'admin' }),
      `${unsigned.join('.')}.`,
      '..',
      'a.b.c',
    ];
    for (const token of tokens) {
      const response = await server.call('GET', '/api/photos', { token });
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await failed(response), String(token)).toBe('401 unauthorized');
    }
  });

  test('[BAD2] a good JWT opens what its role may, and no role is a user, who may nothing here', async () => {
    const status = async (claims: object) =>
      (await server.call('GET', '/api/photos', { token: await signed({ sub: 'x', ...claims }) })).status;
    expect([await status({ role: 'integration' }), await status({ role: 'admin' })]).toEqual([200, 200]);
    expect([await status({}), await status({ role: 'cliente' })]).toEqual([403, 403]);
  });

  test("[BAD3] an ended session's phone is told that it expired, by every route", async () => {
    const { sessionId, token } = await server.phone();
    await server.call('DELETE', `/api/sessions/${sessionId}`);
    for (const [method, path] of [
      ['GET', '/api/photos'],
      ['GET', `/api/sessions/${sessionId}`],
      ['DELETE', `/api/sessions/${sessionId}`],
      ['PUT', `/api/photos/${randomUUID()}`],
    ] as const) {
      expect(await failed(await server.call(method, path, { token }))).toBe('410 expired');
    }
  });

  test('[BAD4] a pairing token that is wrong, used or made up is told so', async () => {
    const pair = (body: unknown) => server.post('/api/pair', body, { token: null });
    const claim = randomUUID();
    const { qr } = await server.session();
    const token = new URL(qr?.url ?? '').pathname.slice(3);
    expect((await pair({ token, claim })).status).toBe(200);
    expect((await pair({ token, claim })).status).toBe(200);
    expect(await failed(await pair({ token, claim: randomUUID() }))).toBe('410 expired');
    expect(await failed(await pair({ token: 'A'.repeat(26), claim }))).toBe('404 not_found');
    for (const body of [
      {},
      [],
      { token },
      { claim },
      { token, code: 'x', claim },
      { token: 7, claim },
      { token: ['x'], claim },
    ]) {
      expect(await failed(await pair(body))).toBe('400 invalid_message');
    }
  });
});

describe('bodies', () => {
  const put = (body: Buffer, headers: Record<string, string> = {}) =>
    server.put(randomUUID(), body, { token: phone.token, headers });

  test('[BAD5] what is no whole picture is refused before it is acknowledged, whatever it is called', async () => {
    const good = await jpeg();
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    const heic = Buffer.concat([
      Buffer.from([0, 0, 0, 24]),
      Buffer.from('ftypheic\0\0\0\0mif1heic'),
      Buffer.alloc(2_000),
    ]);
    const frame = good.indexOf(Buffer.from([0xff, 0xc0]));
    const huge = Buffer.from(good);
    huge.writeUInt16BE(6_000, frame + 5);
    huge.writeUInt16BE(10_000, frame + 7);
    const bad: [Buffer, string][] = [
      [Buffer.alloc(0), '400 invalid_message'],
      [Buffer.from('not a picture'), '400 invalid_message'],
      [svg, '400 invalid_message'],
      [heic, '400 invalid_message'],
      [Buffer.from('GIF89a'.padEnd(500)), '400 invalid_message'],
      [Buffer.from('%PDF-1.7'.padEnd(500)), '400 invalid_message'],
      [good.subarray(0, -2), '400 invalid_message'],
      [good.subarray(0, 150), '400 invalid_message'],
      [huge, '413 too_large'],
    ];
    const before = server.onDisk();
    for (const [body, expected] of bad) {
      expect(await failed(await put(body, { 'Content-Type': 'image/jpeg' }))).toBe(expected);
    }
    expect(await failed(await put(good, { 'X-Content-SHA256': 'a'.repeat(64) }))).toBe('400 invalid_message');
    expect(await failed(await put(good, { 'X-Content-SHA256': 'no hash' }))).toBe('400 invalid_message');
    expect(server.onDisk()).toEqual(before);
    expect(await server.photos()).toEqual([]);
    const hash = createHash('sha256').update(good).digest('hex').toUpperCase();
    const kept = await put(good, { 'X-Content-SHA256': hash, 'Content-Type': 'text/plain' });
    expect(kept.status).toBe(201);
    const { photo } = must(
      z.object({ photo: z.looseObject({ id: z.string(), idPersona: z.string() }) }),
      await kept.json(),
    );
    expect(photo.idPersona).toBe('…377');
    await server.call('DELETE', `/api/photos/${photo.id}`);
  });

  test('[BAD6] 13 MB are refused with 413 that reaches the sender, said beforehand or not, and the connection still serves', async () => {
    const head = (extra: string) =>
      `PUT /api/photos/${randomUUID()} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${phone.token}\r\n${extra}\r\n\r\n`;
    const after = 'GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n';
    const body = Buffer.alloc(13 * MiB, 1);
    const before = server.onDisk();
    const said = Buffer.concat([Buffer.from(head(`Content-Length: ${body.length}`)), body, Buffer.from(after)]);
    const chunk = Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);
    const unsaid = Buffer.concat([Buffer.from(head('Transfer-Encoding: chunked')), chunk, Buffer.from(after)]);
    for (const bytes of [said, unsaid]) {
      const heard = await raw(server.port, bytes);
      expect(heard).toMatch(/^HTTP\/1\.1 413 /);
      expect(heard).toContain('"too_large"');
      expect(heard).toContain('"status":"ok"');
    }
    expect(server.onDisk()).toEqual(before);
  });

  test('[BAD7] a body that is cut short leaves nothing, and the same photo can be sent again', async () => {
    const good = await jpeg(200_000);
    const id = randomUUID();
    const head = `PUT /api/photos/${id} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${phone.token}\r\nContent-Length: ${good.length}\r\n\r\n`;
    const desk = server.client();
    const told = new Promise<void>(resolve => {
      desk.on('upload_progress', data => {
        if (data.photo_id === id && data.state === 'failed') resolve();
      });
    });
    await new Promise<void>(resolve => {
      desk.onConnect = () => resolve();
    });
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(Buffer.concat([Buffer.from(head), good.subarray(0, 100_000)]), () => socket.destroy());
    });
    await told;
    expect(server.files().incoming).toBe(0);
    expect((await server.put(id, good, { token: phone.token })).status).toBe(201);
    await server.call('DELETE', `/api/photos/${id}`);
    desk.close();
  });

  test('[BAD8] a JSON body that is broken, too large, of another kind or charset, or packed to burst is refused', async () => {
    const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
      server.call('POST', '/api/sessions', { body, headers: { 'Content-Type': 'application/json', ...headers } });
    const bomb = new Uint8Array(gzipSync(JSON.stringify({ label: 'x'.repeat(5 * MiB) })));
    const before = (await server.call('GET', '/api/sessions')).text();
    expect(await failed(await post('{"label":'))).toBe('400 invalid_message');
    expect(await failed(await post('"text"'))).toBe('400 invalid_message');
    expect(await failed(await post('{}', { 'Content-Type': 'application/json; charset=koi8-r' }))).toBe(
      '400 invalid_message',
    );
    expect(await failed(await post(JSON.stringify({ label: 'x'.repeat(65 * 1024) })))).toBe('413 too_large');
    expect(await failed(await post(bomb, { 'Content-Encoding': 'gzip' }))).toBe('413 too_large');
    expect(await failed(await post(JSON.stringify({ idPersona: 'a\nb' })))).toBe('400 invalid_message');
    // What is no JSON object is not taken for an empty one.
    expect(await failed(await post('[]'))).toBe('400 invalid_message');
    for (const type of ['application/x-www-form-urlencoded', 'text/plain']) {
      expect(await failed(await post('{"idPersona":"7"}', { 'Content-Type': type })), type).toBe('400 invalid_message');
    }
    expect(await (await server.call('GET', '/api/sessions')).text()).toBe(await before);
  });

  test('[BAD9] paths made to confuse are answered, and none with 500', async () => {
    const paths = [
      '%',
      '%E0%A4%A',
      '%00',
      '..%2f..%2fetc%2fpasswd',
      '__proto__',
      'constructor',
      'x'.repeat(3_000),
      '%F0%9F%A6%8A',
      'x\0y'.slice(0, 1),
    ];
    for (const path of paths) {
      for (const start of ['/api/photos/', '/api/sessions/', '/assets/', '/J/', '/sdk/', '/']) {
        const { status } = await ask(server.port, {
          path: start + path,
          headers: { Authorization: `Bearer ${server.token}` },
        });
        expect([200, 400, 404].includes(status), `${start}${path.slice(0, 20)}: ${status}`).toBe(true);
      }
    }
    for (const query of ['limit=0', 'limit=x', 'limit=1&limit=2', 'before=-1', 'idPersona=', 'session_id=%00']) {
      expect(await failed(await server.call('GET', `/api/photos?${query}`)), query).toBe('400 invalid_message');
    }
    expect((await server.put(randomUUID(), await jpeg(), { query: '?session_id=%00' })).status).toBe(400);
    expect((await server.put('no-uuid', await jpeg())).status).toBe(400);
  });

  test('[BAD403] a photo that is said to be of a session and of somebody else is refused, and nothing of it is kept', async () => {
    const { sessionId } = await server.phone({ idPersona: 'DNI-BOTH' });
    const picture = await jpeg();
    const put = (idPersona: string) =>
      server.put(randomUUID(), picture, { query: `?session_id=${sessionId}&idPersona=${idPersona}` });
    expect(await failed(await put('DNI-OTHER'))).toBe('409 conflict');
    const agreed = await put('DNI-BOTH');
    expect(agreed.status).toBe(201);
    const photos = (await server.photos()).filter(photo => photo.session_id === sessionId);
    expect(photos.map(({ idPersona }) => idPersona)).toEqual(['DNI-BOTH']);
    for (const photo of photos) await server.call('DELETE', `/api/photos/${photo.id}`);
  });

  test('[BAD312] what is wrong with a field is said, and what is allowed', async () => {
    const said = async (method: string, path: string, body?: object) => {
      const headers = { 'Content-Type': 'application/json' };
      const answer = await server.call(method, path, body ? { body: JSON.stringify(body), headers } : {});
      return must(z.object({ error: z.object({ message: z.string() }) }), await answer.json()).error.message;
    };
    expect(await said('GET', '/api/photos?limit=201')).toMatch(/«limit»: .*200/);
    expect(await said('POST', '/api/sessions', { idPersona: 'x'.repeat(65) })).toMatch(/«idPersona»: .*64/);
    expect(await said('POST', '/api/sessions', { label: 7 })).toMatch(/«label»: .*texto.*número/);
    expect(await said('POST', '/api/pair', { token: 'T' })).toMatch(/«claim»: .*texto/);
  });

  test('[BAD10] headers of more than 8 KB, and what is no HTTP, end the connection with a word', async () => {
    const big = `GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(9_000)}\r\n\r\n`;
    expect(await raw(server.port, big)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await raw(server.port, 'what is this\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(server.port, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 421 /);
  });

  test('[BAD310] what no request could be made of is answered as JSON too', async () => {
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    const upgrade = (...lines: string[]) =>
      ['GET /ws HTTP/1.1', 'Host: 127.0.0.1', 'Connection: Upgrade', 'Upgrade: websocket', ...lines, '', ''].join(
        '\r\n',
      );
    const said = {
      [`GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(9_000)}\r\n\r\n`]: [431, 'too_large'],
      'what is this\r\n\r\n': [400, 'invalid_message'],
      'GET / HTTP/1.1\r\nConnection: close\r\n\r\n': [421, 'invalid_message'],
      [upgrade('Sec-WebSocket-Version: 13')]: [400, 'invalid_message'],
      [upgrade(key, 'Sec-WebSocket-Version: 12')]: [400, 'invalid_message'],
    };
    for (const [request, [status, code]] of Object.entries(said)) {
      const answer = await raw(server.port, request);
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer.toLowerCase()).toContain('content-type: application/json');
      expect(answer).toContain(`{"error":{"code":"${code}","message":`);
    }
  });

  test('[BAD311] a request that offers another protocol besides is answered as if it did not, body and all', async () => {
    const offer = 'Connection: close, Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAA';
    const head = (line: string, host = '127.0.0.1') =>
      `${line} HTTP/1.1\r\nHost: ${host}\r\n${offer}\r\nAuthorization: Bearer ${server.token}\r\n`;
    const body = JSON.stringify({ label: 'Señora Núñez', idPersona: 'x'.repeat(64) });
    const post = `${head('POST /api/sessions')}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    const made = Buffer.from(await raw(server.port, post), 'latin1').toString();
    expect(made).toMatch(/^HTTP\/1\.1 201 /);
    expect(made).toContain('"label":"Señora Núñez"');
    expect(await raw(server.port, `${head('GET /health')}\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
    // What is refused otherwise is refused with it as well.
    expect(await raw(server.port, `${head('GET /health', 'evil.example')}\r\n`)).toMatch(/^HTTP\/1\.1 421 /);
  });

  test('[BAD350] such a request may be sent before the answer to the one before it, and its body is never read as another request', async () => {
    const offer = 'Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n';
    const get = `GET /health HTTP/1.1\r\n${offer}\r\n`;
    const inner = 'GET /inner HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
    // As many headers as fit into 8 KB, the body's length behind them.
    const post = `POST /outer HTTP/1.1\r\n${offer}${'a:b\r\n'.repeat(3_000)}Content-Length: ${inner.length}\r\n\r\n${inner}`;
    const last = 'GET /last HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n';
    const answer = await raw(server.port, `${get}${get}${post}${get}${last}`);
    expect(answer.match(/HTTP\/1\.1 \d+|"path":"[^"]+"/gm)).toEqual([
      'HTTP/1.1 200',
      'HTTP/1.1 200',
      'HTTP/1.1 404',
      '"path":"/outer"',
      'HTTP/1.1 200',
      'HTTP/1.1 404',
      '"path":"/last"',
    ]);
  });

  test('[BAD351] an upgrade whose address is no URL is refused like any other', async () => {
    const shake = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13';
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    for (const url of ['//?token=x', '/\\x:99999?token=x', 'http://x:99999/?token=x', '/socket.io//[?sid=x']) {
      const answer = await raw(server.port, `GET ${url} HTTP/1.1\r\nHost: 127.0.0.1\r\n${shake}\r\n${key}\r\n\r\n`);
      expect(answer, url).toMatch(/^HTTP\/1\.1 40[01] /);
    }
  });

  test('[BAD11] headers that dribble in are cut off after 5 s', async () => {
    const began = performance.now();
    const heard = await new Promise<string>(resolve => {
      const socket = connect(
        server.port,
        '127.0.0.1',
        () => void socket.write('GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n'),
      );
      const drip = setInterval(() => void socket.write('X: y\r\n'), 300);
      let text = '';
      socket.on('error', () => {});
      socket.on('data', chunk => {
        text += chunk;
      });
      socket.on('close', () => {
        clearInterval(drip);
        resolve(text);
      });
    });
    expect(performance.now() - began).toBeGreaterThan(4_500);
    expect(performance.now() - began).toBeLessThan(8_500);
    expect(heard).toMatch(/^HTTP\/1\.1 408 .*"code":"unavailable"/s);
  });
});

describe("another person's photos", () => {
  test('[BAD12] do not exist for a phone, by any route', async () => {
    const other = await server.phone({ idPersona: 'DNI-OTHER' });
    const id = randomUUID();
    const good = await jpeg();
    expect((await server.put(id, good, { token: other.token })).status).toBe(201);
    const get = (path: string) => server.call('GET', path, { token: phone.token });
    for (const path of [
      `/api/photos/${id}`,
      `/api/photos/${id}/thumb`,
      `/api/photos/${id.toUpperCase()}`,
      `/api/sessions/${other.sessionId}`,
    ]) {
      expect(await failed(await get(path))).toBe('404 not_found');
    }
    expect(await failed(await get(`/api/photos?session_id=${other.sessionId}`))).toBe('403 forbidden');
    expect(await (await get('/api/photos?idPersona=DNI-OTHER')).json()).toEqual({ photos: [], next: null });
    expect(await failed(await server.put(id, good, { token: phone.token }))).toBe('409 conflict');
    expect(await failed(await server.put(id, await jpeg(5_000), { token: other.token }))).toBe('409 conflict');
    expect(await failed(await server.call('DELETE', `/api/photos/${id}`, { token: other.token }))).toBe(
      '403 forbidden',
    );
    expect(await failed(await server.call('DELETE', `/api/sessions/${other.sessionId}`, { token: phone.token }))).toBe(
      '404 not_found',
    );
    for (const path of ['/api/sessions', `/api/sessions/${other.sessionId}/qr.svg`, '/stats', '/metrics']) {
      expect(await failed(await get(path)), path).toBe('403 forbidden');
    }
    const mine = randomUUID();
    const query = `?idPersona=DNI-OTHER&session_id=${other.sessionId}`;
    expect((await server.put(mine, good, { token: phone.token, query })).status).toBe(201);
    const photos = await server.photos();
    expect(photos.find(photo => photo.id === mine)).toMatchObject({
      idPersona: 'DNI-48213377',
      session_id: phone.sessionId,
    });
    for (const photo of photos) await server.call('DELETE', `/api/photos/${photo.id}`);
  });

  test('[BAD13] a picture that goes out can do nothing but be looked at', async () => {
    const id = randomUUID();
    await server.put(id, await jpeg(), { token: phone.token });
    const { headers } = await server.call('GET', `/api/photos/${id}`, { token: phone.token });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe('sandbox');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(headers.get('content-type')).toBe('image/jpeg');
    await server.call('DELETE', `/api/photos/${id}`);
  });
});

describe('places', () => {
  const health = (headers: Record<string, string>) => ask(server.port, { path: '/health', headers });

  test('[BAD14] a Host that is not ours is 421: a name that was bound to this address opens nothing', async () => {
    for (const Host of [
      'evil.example',
      '127.0.0.1.evil.example',
      'evil.example:8080',
      '127.0.0.1/;x',
      'a b',
      '127.0.0.1@evil.example',
      'x@127.0.0.1',
    ]) {
      expect((await health({ Host })).status, Host).toBe(421);
      const page = await ask(server.port, { path: '/kiosk', headers: { Host } });
      expect(page.status, Host).toBe(421);
    }
    // With a body, too, the answer arrives: nothing of it is left unread in a socket that is then closed.
    const body = 'x'.repeat(4 * MiB);
    const put = await ask(server.port, {
      method: 'PUT',
      path: '/api/photos/x',
      headers: { Host: 'evil.example' },
      body,
    });
    expect([put.status, JSON.parse(put.body)]).toEqual([
      421,
      { error: expect.objectContaining({ code: 'invalid_message' }) },
    ]);
    for (const Host of ['127.0.0.1', '192.168.1.50:8080', '[::1]:8080', 'localhost', 'LOCALHOST.', '192.168.77.5']) {
      expect((await health({ Host })).status, Host).toBe(200);
    }
  });

  test('[BAD15] a page of another origin gets 403; one that is listed may ask, and is told so beforehand', async () => {
    const own = `http://127.0.0.1:${server.port}`;
    for (const Origin of ['http://evil.example', 'null', 'http://127.0.0.1:1', 'file://', '']) {
      const { status, headers } = await health({ Origin });
      expect(status, Origin).toBe(403);
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
    for (const Origin of [own, 'https://crm.example']) {
      const { status, headers } = await health({ Origin, Host: `127.0.0.1:${server.port}` });
      expect(status).toBe(200);
      expect(headers['access-control-expose-headers']).toBe('Content-Disposition,X-Expected-Bytes,Retry-After');
    }
    const preflight = {
      'Access-Control-Request-Method': 'PUT',
      'Access-Control-Request-Headers': 'x-content-sha256,authorization',
    };
    const asked = (Origin: string) =>
      ask(server.port, { method: 'OPTIONS', path: `/api/photos/${randomUUID()}`, headers: { Origin, ...preflight } });
    const good = await asked('https://crm.example');
    expect(good.status).toBe(204);
    expect(good.headers).toMatchObject({
      'access-control-allow-origin': 'https://crm.example',
      'access-control-allow-methods': 'GET,POST,PUT,DELETE',
      'access-control-allow-headers': 'x-content-sha256,authorization',
    });
    expect((await asked('https://evil.example')).status).toBe(403);
  });

  test('[BAD16] figures without a token are for programs on this machine: not for pages, nor behind a proxy that nobody vouches for', async () => {
    const stats = (headers: Record<string, string>) =>
      ask(server.port, { path: '/stats', headers }).then(answer => answer.status);
    expect(await stats({})).toBe(200);
    expect(await stats({ 'Sec-Fetch-Site': 'none' })).toBe(200);
    const refused: Record<string, string>[] = [
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'X-Forwarded-For': '127.0.0.1' },
      { 'X-Forwarded-For': '' },
      { Forwarded: 'for=127.0.0.1' },
      { 'X-Forwarded-Host': 'x' },
      { Authorization: 'Bearer x' },
    ];
    for (const headers of refused) expect(await stats(headers), JSON.stringify(headers)).toBe(401);
  });

  test('[BAD17] pages hold no data, load nothing from elsewhere and cannot be framed', async () => {
    for (const path of ['/kiosk', '/J', `/J/${'A'.repeat(26)}`, '/j/x']) {
      const { status, body, headers } = await ask(server.port, { path, headers: { Accept: 'text/html' } });
      expect(status).toBe(200);
      expect(body).not.toContain('48213377');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['strict-transport-security']).toBeUndefined();
    }
  });
});

test('[OLD400] a browser is known by text/html in its Accept, in small letters or capitals', async () => {
  const typeAt = async (path: string, accept: string) =>
    (await ask(server.port, { path, headers: { Accept: accept } })).headers['content-type'];
  for (const path of ['/', '/dashboard']) {
    expect(await typeAt(path, 'Text/HTML,*/*;q=0.8')).toMatch(/^text\/html/);
    expect(await typeAt(path, 'application/json, text/plain, */*')).toMatch(/^application\/json/);
  }
});

test('[BAD18] the operator token is of 256 bits and survives a restart: it is derived', () => {
  expect(Buffer.from(server.token, 'base64url')).toHaveLength(32);
  const derived = createHmac('sha256', secret)
    .update(JSON.stringify(['operator-token']))
    .digest('base64url');
  expect(server.token).toBe(derived);
});

describe('guessing', () => {
  let guarded: TestServer;
  beforeAll(async () => {
    guarded = await startServer(worker.entry, {});
  });
  afterAll(() => guarded.stop());
  const guess = async (code: string, from: string) => {
    const body = JSON.stringify({ code, claim: randomUUID() });
    const answer = await ask(guarded.port, {
      method: 'POST',
      path: '/api/pair',
      body,
      from,
      headers: { 'Content-Type': 'application/json' },
    });
    return answer.status;
  };

  test('[BAD19] the sixth wrong code in a minute gets 429, and so does a right one; other addresses and tokens still work', async () => {
    const { qr } = await guarded.session();
    const statuses: number[] = [];
    for (let tried = 0; tried < 20; tried++) statuses.push(await guess('AAAAAA', '127.0.0.2'));
    expect(statuses).toEqual([...Array(5).fill(404), ...Array(15).fill(429)]);
    expect(await guess(qr?.code ?? '', '127.0.0.2')).toBe(429);
    const token = new URL(qr?.url ?? '').pathname.slice(3);
    const scanned = await ask(guarded.port, {
      method: 'POST',
      path: '/api/pair',
      body: JSON.stringify({ token, claim: randomUUID() }),
      from: '127.0.0.2',
      headers: { 'Content-Type': 'application/json' },
    });
    expect(scanned.status).toBe(200);
    const next = await guarded.session();
    expect(await guess(next.qr?.code ?? '', '127.0.0.3')).toBe(200);
  });

  test('[BAD20] guesses that are sent all in one go are counted as well', async () => {
    const body = JSON.stringify({ code: 'BBBBBB', claim: randomUUID() });
    const one = `POST /api/pair HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const last = one.replace('Host:', 'Connection: close\r\nHost:');
    const heard = await raw(guarded.port, one.repeat(49) + last, '127.0.0.4');
    const statuses = [...heard.matchAll(/HTTP\/1\.1 (\d+)/g)].map(match => match[1]);
    expect(statuses).toHaveLength(50);
    expect(statuses.filter(status => status === '404')).toHaveLength(5);
  });

  test('[BAD21] 30 wrong codes in all, from wherever, and nobody can guess for the rest of the minute', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 60 }, (_, tried) => guess('CCCCCC', `127.0.1.${1 + (tried % 20)}`)),
    );
    expect(statuses.filter(status => status === 404)).toHaveLength(20);
    const { qr } = await guarded.session();
    expect(await guess(qr?.code ?? '', '127.0.0.99')).toBe(429);
    // Whoever scans is not in their way: the same session's token pairs, from there too, and its phone works.
    const scanned = await ask(guarded.port, {
      method: 'POST',
      path: '/api/pair',
      body: JSON.stringify({ token: new URL(qr?.url ?? '').pathname.slice(3), claim: randomUUID() }),
      from: '127.0.0.99',
      headers: { 'Content-Type': 'application/json' },
    });
    expect(scanned.status).toBe(200);
    const { phone_token } = must(pairReply, JSON.parse(scanned.body));
    expect((await guarded.put(randomUUID(), await jpeg(), { token: phone_token })).status).toBe(201);
    const log = await guarded.client().send('activity', 'list', { kinds: ['code_guessing'] });
    expect(log.activity.length).toBeGreaterThanOrEqual(2);
  });
});
